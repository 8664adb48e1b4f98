import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { PlatformError } from './platform-error.js';

/** Whether an address belongs to the public internet: not ours, not a neighbour's, not a cloud's own service. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Resolves names for connections and gives out public addresses only. The connection uses the very address that was
 * looked at, so a name that answers differently the second time gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 0);
    const allowed = found.filter(({ address }) => isPublic(address));
    const [first] = allowed;
    if (first === undefined) return callback(new PlatformError('ADDRESS_NOT_ALLOWED', { host: hostname }), '', 0);
    if (options.all === true) (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, allowed);
    else callback(null, first.address, first.family);
  });
};
