import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asked } from './arguments.js';
import { Refusal } from './refusal.js';

/** Where webhooks go, and how they are signed. */
export interface Receiver {
  readonly url: string;
  readonly secret: string;
  readonly shopDomain: string;
}

const OTHER_SHOP = 'quanyu-demo.myshopify.com';

/** Finds the receiver: what was asked for on the command line, else what the running demo wrote into its data folder. */
export async function findReceiver(asked: Pick<Asked, 'url' | 'secret' | 'shop'>, dataFolder: string): Promise<Receiver> {
  if (asked.url !== undefined && asked.secret !== undefined) return { url: asked.url, secret: asked.secret, shopDomain: asked.shop ?? OTHER_SHOP };
  const demo = await readDemo(join(dataFolder, 'demo.json'));
  return { url: asked.url ?? demo.url, secret: asked.secret ?? demo.secret, shopDomain: asked.shop ?? demo.shopDomain };
}

async function readDemo(file: string): Promise<Receiver> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EACCES') throw new Refusal(`${file} may be read by its owner only. Run this as whoever started the demo.`);
    throw new Refusal(`There is no demo here (no ${file}). Start it with \`npm start\` and leave it running, name its folder \
with --data DIR, or give --url and --secret.`);
  }
  const { webhookUrl, webhookSecret, shopDomain } = parsed(text);
  if (typeof webhookUrl !== 'string' || typeof webhookSecret !== 'string' || typeof shopDomain !== 'string')
    throw new Refusal(`${file} does not name webhookUrl, webhookSecret and shopDomain. \`npm start\` writes it anew.`);
  return { url: webhookUrl, secret: webhookSecret, shopDomain };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
