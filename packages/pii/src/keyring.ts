import { KeyringError } from './errors.js';

/** The keys of a vault: one that seals, older ones that still open, and one of its own for look-ups. */
export interface Keyring {
  /** Id of the key that seals. */
  readonly active: string;
  /** Key id -> 32 bytes. */
  readonly keys: Readonly<Record<string, Buffer>>;
  /** 32 bytes that are none of the above: whoever can look up must not be able to open. */
  readonly indexKey: Buffer;
}

/** A keyring as it stands in the environment. */
export interface VaultConfig {
  /** `id:base64,id2:base64`; the first seals, all open. */
  readonly sealKeys: string;
  /** base64 of 32 bytes. */
  readonly indexKey: string;
}

const KEY_BYTES = 32;
// No dot: it parts a sealed value. The id stands in each record, so it is short.
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * Reads a keyring from its text form.
 * @throws KeyringError code `KEYRING_INVALID`: no key, a bad id, not 32 bytes, an id or a key twice.
 */
export function parseKeyring(config: VaultConfig): Keyring {
  const entries = config.sealKeys.split(',').map((entry) => parseEntry(entry.trim()));
  const ids = entries.map(([id]) => id);
  if (new Set(ids).size < ids.length) throw new KeyringError('A key id stands there twice.');
  return {
    active: ids[0] ?? '',
    keys: Object.fromEntries(entries),
    indexKey: decodeKey(config.indexKey.trim(), 'the index key'),
  };
}

/** Checks a keyring, however it was made, before anything is sealed with it. */
export function checkKeyring({ active, keys, indexKey }: Keyring): void {
  if (!Object.hasOwn(keys, active)) throw new KeyringError('The active key is missing.');
  const seen = [indexKey];
  for (const [id, key] of Object.entries(keys)) {
    if (!KEY_ID.test(id)) throw new KeyringError('A key id has other characters than letters, digits, _ and -.');
    if (key.length !== KEY_BYTES) throw new KeyringError(`Key ${id} is not ${KEY_BYTES} bytes long.`);
    if (seen.some((other) => other.equals(key))) throw new KeyringError(`Key ${id} is used twice.`);
    seen.push(key);
  }
  if (indexKey.length !== KEY_BYTES) throw new KeyringError(`The index key is not ${KEY_BYTES} bytes long.`);
}

function parseEntry(entry: string): [id: string, key: Buffer] {
  const colon = entry.indexOf(':');
  const id = entry.slice(0, Math.max(colon, 0));
  // The entry is not repeated: without its colon it is the key itself.
  if (!KEY_ID.test(id)) throw new KeyringError('An entry is not of the form id:base64.');
  return [id, decodeKey(entry.slice(colon + 1), `key ${id}`)];
}

function decodeKey(text: string, what: string): Buffer {
  // Node's decoder skips what it does not know: a typing error would make another, weaker key.
  if (!BASE64.test(text)) throw new KeyringError(`The text of ${what} is not base64 of ${KEY_BYTES} bytes.`);
  return Buffer.from(text, 'base64');
}
