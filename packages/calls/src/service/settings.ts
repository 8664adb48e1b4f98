import { Fault, parsed, type Setting } from '@quanyu/settings';
import type { KeyObject } from 'node:crypto';
import { readPrivateKey, readPublicKeys, ServiceKeyError, type ServiceKeys } from './keys.js';

/** Where each service can be reached: by name, one address for each process behind it. */
export type ServiceUrls = ReadonlyMap<string, readonly string[]>;

const reading = <T>(read: (given: string) => T) => (given: string): T | Fault => {
  try {
    return read(given);
  } catch (error) {
    return new Fault((error as ServiceKeyError).message);
  }
};

/** Name of the variable with a service's private key, such as `ORDERS_SERVICE_KEY`. */
export const serviceKeyVariable = (service: string): string => `${service.toUpperCase()}_SERVICE_KEY`;

/** The setting of a service's own private key. */
export const privateKeySetting = (service: string): Setting<KeyObject> =>
  parsed({ what: `Private key by which ${service} signs its service tokens. \`npm run secrets\` makes it.`, form: 'base64url', secret: true }, reading(readPrivateKey));

/** The setting of all services' public keys. */
export const publicKeysSetting: Setting<ServiceKeys['publicKeys']> = parsed(
  { what: 'Public keys of all services, the same text for each process; two of one service while its key is changed. `npm run secrets` makes it.', form: 'service:key,…' }, reading(readPublicKeys));

/** The setting of all services' addresses. */
export const serviceUrls = (what: string, or: { readonly fallback?: ServiceUrls; readonly shown?: string } = {}): Setting<ServiceUrls> =>
  parsed({ what, form: 'access=http://access:4000,orders=http://orders-1:4000|http://orders-2:4000,…', ...or }, readServiceUrls);

function readServiceUrls(text: string): ServiceUrls | Fault {
  const urls = new Map<string, readonly string[]>();
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [, name, list = ''] = /^([a-z][a-z-]*)=(.+)$/.exec(entry) ?? [];
    const addresses = list.split('|');
    if (name === undefined || !addresses.every(isHttp)) return new Fault('must be a list of name=http://host:port, with | between several addresses of one');
    urls.set(name, addresses.map((address) => new URL(address).origin));
  }
  return urls;
}

const isHttp = (address: string): boolean => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
