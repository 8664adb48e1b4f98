import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface TestKeys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** In one line of base64, as forms ask for them. */
  readonly privateLine: string;
  readonly publicLine: string;
}

const made = new Map<string, TestKeys>();

/** RSA keys under a name, made once in a process: making them takes longer than all that a test does with them. */
export function testKeys(name: string): TestKeys {
  const known = made.get(name);
  if (known !== undefined) return known;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = {
    privateKey, publicKey,
    privateLine: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'), publicLine: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  made.set(name, keys);
  return keys;
}
