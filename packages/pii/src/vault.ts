import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { SealError } from './errors.js';
import { checkKeyring, parseKeyring, type Keyring, type VaultConfig } from './keyring.js';
import { lengthPrefixed } from './length-prefix.js';

/** Where a sealed value lives; it opens nowhere else, so a value copied to another row or tenant is worthless. */
export interface SealContext {
  readonly tenantId: string;
  /** Id of the row. */
  readonly row: string;
  /** Table and column, or any fixed name of the field. */
  readonly field: string;
}

/** What a blind index is of; two kinds never share an index, even for the same text. */
export type IndexKind = 'phone' | 'email' | 'address' | 'union-id';

const VERSION = 's1';
const CIPHER = 'aes-256-gcm';
// NIST SP 800-38D: a random 96-bit nonce is safe for 2^32 values under one key. Rotate long before.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals personal data for storage, opens it again, and makes blind indexes to look it up by.
 *
 * A sealed value is `s1.<key id>.<base64url of nonce, ciphertext and tag>`, AES-256-GCM with the context as
 * additional data. A vault shows no key: not when inspected, not as JSON.
 */
export class Vault {
  readonly #active: string;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #indexKey: KeyObject;

  /** @throws KeyringError code `KEYRING_INVALID`. */
  constructor(keyring: Keyring) {
    checkKeyring(keyring);
    this.#active = keyring.active;
    this.#keys = new Map(Object.entries(keyring.keys).map(([id, key]) => [id, createSecretKey(key)]));
    this.#indexKey = createSecretKey(keyring.indexKey);
  }

  /** Makes a vault from the texts of the environment; @throws KeyringError code `KEYRING_INVALID`. */
  static from(config: VaultConfig): Vault {
    return new Vault(parseKeyring(config));
  }

  /** Seals a text with the active key; the same text gives another value each time. */
  seal(plain: string, context: SealContext): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key(this.#active), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(context));
    const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${this.#active}.${body.toString('base64url')}`;
  }

  /**
   * Opens a sealed value in the context it was sealed for, with whichever key sealed it.
   * @throws SealError `SEAL_BROKEN` when it was changed or moved, `SEAL_KEY_UNKNOWN` when its key is gone.
   */
  open(sealed: string, context: SealContext): string {
    const { keyId, body } = parse(sealed);
    const additional = additionalData(context);
    const decipher = createDecipheriv(CIPHER, this.#key(keyId), body.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additional);
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    try {
      const plain = decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]).toString('utf8');
    } catch {
      throw new SealError('SEAL_BROKEN');
    }
  }

  /** Tells whether a value was sealed with an older key, so that a job can open and seal it anew. */
  needsReseal(sealed: string): boolean {
    return parse(sealed).keyId !== this.#active;
  }

  /**
   * Makes the blind index of a normalised value: HMAC-SHA-256 in base64url, the same for the same value.
   *
   * Normalise first (`normalisePhone`, `normaliseEmail`): two spellings are two indexes.
   * @throws SealError `INDEX_VALUE_EMPTY`.
   *
   * The tenant is part of it: one person's index differs from merchant to merchant, so a dump links nobody across them.
   */
  index(kind: IndexKind, normalised: string, tenantId: string): string {
    if (normalised === '' || !tenantId) throw new SealError('INDEX_VALUE_EMPTY');
    return createHmac('sha256', this.#indexKey).update(lengthPrefixed(tenantId, kind, normalised)).digest('base64url');
  }

  toJSON(): string {
    return '[Vault]';
  }

  [inspect.custom](): string {
    return '[Vault]';
  }

  #key(id: string): KeyObject {
    const key = this.#keys.get(id);
    if (key === undefined) throw new SealError('SEAL_KEY_UNKNOWN');
    return key;
  }
}

function additionalData({ tenantId, row, field }: SealContext): Buffer {
  // A row whose id is not made yet would open in the place of any other such row.
  if (!tenantId || !row || !field) throw new SealError('SEAL_CONTEXT_EMPTY');
  return lengthPrefixed(tenantId, row, field);
}

function parse(sealed: string): { keyId: string; body: Buffer } {
  const [version, keyId = '', text = '', ...rest] = sealed.split('.');
  const body = Buffer.from(text, 'base64url');
  // The decoder forgives stray characters; a value has exactly one spelling.
  const exact = body.toString('base64url') === text;
  if (version !== VERSION || rest.length > 0 || !exact || body.length < NONCE_BYTES + TAG_BYTES) {
    throw new SealError('SEAL_BROKEN');
  }
  return { keyId, body };
}
