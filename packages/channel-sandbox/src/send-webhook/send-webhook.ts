import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { postWebhook, type PostedWebhook, type WebhookAnswer } from '../post-webhook.js';
import { adviceFor } from './advice.js';
import { readArguments, type Asked } from './arguments.js';
import { bodiesOf, type Body } from './bodies.js';
import { findReceiver, type Receiver } from './demo.js';
import { Refusal } from './refusal.js';

/** The world around the command. */
export interface SendWebhookIo {
  /** Where the user stands; FILE is looked for from here. */
  readonly folder: string;
  readonly repository: string;
  print(line: string): void;
}

/** The command `send-webhook`; gives the exit code: 0 when every answer is as it should be. */
export async function sendWebhook(argv: readonly string[], io: SendWebhookIo): Promise<number> {
  try {
    const asked = readArguments(argv);
    const file = await readBody(asked.file, io);
    const receiver = await findReceiver(asked, resolve(io.folder, asked.dataFolder ?? resolve(io.repository, '.quanyu')));
    let wellAnswered = true;
    for (const body of bodiesOf(file.bytes, basename(file.path), asked.topic))
      wellAnswered = (await sendBody(body, asked, receiver, io)) && wellAnswered;
    return wellAnswered ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.print(error.message);
    return error.exitCode;
  }
}

async function sendBody(body: Body, asked: Asked, receiver: Receiver, io: SendWebhookIo): Promise<boolean> {
  for (const remark of body.remarks) io.print(remark);
  const sameIds = { webhookId: randomUUID(), eventId: randomUUID(), triggeredAt: new Date().toISOString() };
  const webhook: PostedWebhook = {
    ...receiver, topic: body.topic, body: body.bytes, badSignature: asked.badSignature, ...(asked.newIds ? {} : sameIds),
  };
  const answers = await answersTo(webhook, asked);
  for (const { status, ms, text } of answers.slice(0, SHOWN)) io.print(`${status} in ${ms.toFixed(1)} ms${text === '' ? '' : `: ${text.slice(0, 300)}`}`);
  if (answers.length > SHOWN) io.print(summary(answers));
  const [first] = answers;
  if (first) io.print(adviceFor(first.status, { badSignature: asked.badSignature, order: body.order }));
  return answers.every(({ status }) => (asked.badSignature ? status === 401 : status >= 200 && status < 300));
}

const SHOWN = 12;

async function answersTo(webhook: PostedWebhook, { times, atOnce }: Asked): Promise<WebhookAnswer[]> {
  try {
    if (atOnce) return await Promise.all(Array.from({ length: times }, () => postWebhook(webhook)));
    const answers: WebhookAnswer[] = [];
    while (answers.length < times) answers.push(await postWebhook(webhook));
    return answers;
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    throw new Refusal(late
      ? `No answer from ${webhook.url} within 10 s.`
      : `Nobody answers at ${webhook.url}. Is the demo still running? \`npm start\` starts it.`);
  }
}

function summary(answers: readonly WebhookAnswer[]): string {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${answers.length} answers (${[...counts].map(([status, n]) => `${n} x ${status}`).join(', ')}), p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function readBody(file: string, io: SendWebhookIo): Promise<{ path: string; bytes: Uint8Array }> {
  const fixtures = resolve(io.repository, 'packages/channel-sandbox/fixtures/shopify');
  const places = [resolve(io.folder, file), resolve(io.repository, file), resolve(fixtures, file), resolve(fixtures, `${file}.json`)];
  for (const path of places) {
    try {
      return { path, bytes: await readFile(path) };
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (code === 'ENOENT' || code === 'ENOTDIR') continue;
      throw new Refusal(code === 'EISDIR' ? `${path} is a folder, not a body.` : `${path} cannot be read (${code}).`);
    }
  }
  throw new Refusal(`There is no file ${places[0] ?? file}, nor a fixture of this name. Try orders-create-paid-cny.`);
}
