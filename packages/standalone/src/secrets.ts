import { createHmac, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import { SetupError } from './setup-error.js';
import { writeWhole } from './write-whole.js';

const shape = z.object({
  /** The roles' passwords come from it. */
  databaseSecret: z.string().min(32),
  sealKeys: z.string().min(32),
  indexKey: z.string().min(32),
  /** Private key of the development issuer. */
  issuerKey: z.looseObject({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string(), d: z.string(), kid: z.string() }),
  partnerKey: z.string().min(32),
  webhookSecret: z.string().min(32),
  staffToken: z.string().optional(),
  /** Sealed with the keys that seal the data: others are found out at the start. */
  keyCheck: z.string().optional(),
  /** Keys by which services know each other, once the house has run apart. */
  serviceKeys: z.record(z.string(), z.object({ privateKey: z.string(), publicKey: z.string() })).optional(),
});

/** What is made once for a data folder. */
export type Secrets = Omit<z.output<typeof shape>, 'issuerKey'> & { readonly issuerKey: JWK };

/** Where a data folder keeps its secrets, readable by its owner alone. */
export const secretsFile = (dataDir: string): string => join(dataDir, 'secrets.json');

/**
 * The secrets of a data folder: made when it is new, else read. Keys that seal personal data may come from the
 * environment. Where data is there but a key is not, the start stops: new keys could never open what old ones sealed.
 * @param hasData whether there is a database already.
 */
export async function loadSecrets(dataDir: string, given: { readonly sealKeys: string | null; readonly indexKey: string | null }, hasData: boolean): Promise<Secrets> {
  const file = secretsFile(dataDir);
  const fromEnvironment = { ...(given.sealKeys !== null && { sealKeys: given.sealKeys }), ...(given.indexKey !== null && { indexKey: given.indexKey }) };
  if (!existsSync(file)) {
    if (hasData) throw new SetupError(`${file} is missing, but there is data that its keys have sealed: put the file back from a copy. Without it personal data cannot be opened.`);
    const { sealKeys, indexKey, ...others } = await makeSecrets();
    const made = { ...others, ...(given.sealKeys === null && { sealKeys }), ...(given.indexKey === null && { indexKey }) };
    // Who keeps keys in the environment does not want them on this disk.
    await write(dataDir, made);
    return { ...others, sealKeys, indexKey, ...fromEnvironment };
  }
  const parsed = shape.safeParse({ ...(await stored(file)), ...fromEnvironment });
  if (parsed.success) return parsed.data as Secrets;
  const missing = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  throw new SetupError(`${file} lacks ${missing.join(', ')}: put the file back from a copy${missing.every((name) => name === 'sealKeys' || name === 'indexKey') ? ', or set PII_SEAL_KEYS and PII_INDEX_KEY' : ''}.`);
}

/** Adds to what a data folder keeps. */
export const addSecrets = async (dataDir: string, more: Partial<Secrets>): Promise<void> => write(dataDir, { ...(await stored(secretsFile(dataDir))), ...more });

const stored = (file: string): Promise<object> => readFile(file, 'utf8').then((text) => Object(JSON.parse(text)) as object).catch(() => ({}));

async function write(dataDir: string, secrets: Partial<Secrets>): Promise<void> {
  // Enterable, not readable: PostgreSQL, which as root runs as another user, has its folder below.
  if (await mkdir(dataDir, { recursive: true }) !== undefined) await chmod(dataDir, 0o711);
  await writeWhole(secretsFile(dataDir), `${JSON.stringify(secrets, null, 2)}\n`);
}

/** Password of one database role. */
export const rolePassword = (secrets: Pick<Secrets, 'databaseSecret'>) => (role: string): string =>
  createHmac('sha256', secrets.databaseSecret).update(role).digest('base64url');

async function makeSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    databaseSecret: randomBytes(32).toString('base64url'),
    sealKeys: `k1:${randomBytes(32).toString('base64')}`,
    indexKey: randomBytes(32).toString('base64'),
    issuerKey: { ...(await exportJWK(privateKey)), kid: `dev-${randomBytes(4).toString('hex')}`, alg: 'ES256' },
    partnerKey: `qyk_${randomBytes(24).toString('hex')}`,
    webhookSecret: randomBytes(32).toString('hex'),
  };
}
