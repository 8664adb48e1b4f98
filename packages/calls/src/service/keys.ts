import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Keys of one process: its own private one, and the public ones of all services. */
export interface ServiceKeys {
  /** As whom it speaks: `gateway`, the name of a subgraph, or `operator`. */
  readonly name: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** By key id; a service may have two while its key is changed. */
  readonly publicKeys: ReadonlyMap<string, { readonly service: string; readonly key: KeyObject }>;
}

/** The two texts of a new key (Ed25519). */
export interface ServiceKeyTexts {
  /** For the service alone. */
  readonly privateKey: string;
  /** For everybody's list. */
  readonly publicKey: string;
}

/** A key that cannot be read; the message never holds any of it. */
export class ServiceKeyError extends Error {
  override name = 'ServiceKeyError';
}

/** Makes a key for a service. */
export function makeServiceKey(): ServiceKeyTexts {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'), publicKey: publicTextOf(createPublicKey(privateKey)) };
}

/** Reads the private key of a service. */
export function readPrivateKey(text: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch { /* told below, without what OpenSSL quotes */ }
  throw new ServiceKeyError('is not the text of an Ed25519 private key');
}

/** Reads the list `service:key,service:key` of public keys. */
export function readPublicKeys(text: string): ServiceKeys['publicKeys'] {
  const keys = new Map<string, { service: string; key: KeyObject }>();
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [service = '', x = ''] = entry.split(':');
    if (!/^[a-z][a-z-]*$/.test(service) || !/^[\w-]{43}$/.test(x)) throw new ServiceKeyError('must be a list of service:key, as "npm run secrets" prints it');
    keys.set(keyId(x), { service, key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) });
  }
  return keys;
}

/** Puts together what a process of `name` needs; its own public key must be on the list. */
export function serviceKeys(name: string, privateKey: KeyObject, publicKeys: ServiceKeys['publicKeys']): ServiceKeys {
  const kid = keyId(publicTextOf(createPublicKey(privateKey)));
  if (publicKeys.get(kid)?.service !== name) throw new ServiceKeyError(`has no public key on the list under the name ${name}`);
  return { name, kid, privateKey, publicKeys };
}

const publicTextOf = (key: KeyObject): string => key.export({ format: 'jwk' }).x!;
/** The public key itself would do; its beginning is enough to find it. */
const keyId = (publicText: string): string => publicText.slice(0, 16);
