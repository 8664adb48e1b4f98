import { domainToASCII } from 'node:url';
import { readPhone } from './phone.js';

const LONGEST_EMAIL = 254;
const LOCAL_PART = /^[^\s@*＊•"<>(),:;\\[\]]{1,64}$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/**
 * Brings a phone number to E.164 (`+8613812341234`), or gives null when it is none.
 *
 * `defaultRegion` (ISO 3166, two letters) is for numbers without a country code. Masked numbers give null, and
 * so do numbers with an extension: platforms lend one number to many receivers and tell them apart by it, and
 * two people must not meet under one index.
 */
export function normalisePhone(raw: string, defaultRegion = 'CN'): string | null {
  const phone = readPhone(raw, defaultRegion);
  return phone?.isValid() && phone.ext === undefined ? phone.number : null;
}

/**
 * Brings an e-mail to the one spelling it is looked up by, or gives null when it is none or is masked.
 *
 * Lower case in both parts, the domain in its ASCII form. Dots and +tags stay: only some providers ignore them.
 */
export function normaliseEmail(raw: string): string | null {
  const text = raw.length > LONGEST_EMAIL ? '' : raw.normalize('NFKC').trim().toLowerCase();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1));
  const good = LOCAL_PART.test(local) && DOMAIN.test(domain) && domain.includes('.') && !domain.includes('..');
  return good ? `${local}@${domain}` : null;
}
