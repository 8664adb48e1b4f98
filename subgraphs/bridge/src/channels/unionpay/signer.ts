import { createHash, createSign, createVerify, X509Certificate, type KeyLike, type KeyObject } from 'node:crypto';
import { joined, withoutEmpty, type Parameters } from '../signing/digests.js';

// UnionPay's ACP 5.1.0 with signMethod 01: the hex digest of the joined fields is what is signed, not the fields themselves.

const digest = (parameters: Parameters): string => createHash('sha256').update(joined(parameters, { pair: '=', between: '&' })).digest('hex');

/** The `signature` of a request: over all fields that have a value. */
export const signRequest = ({ signature: _signature, ...parameters }: Parameters, privateKey: KeyLike): string =>
  createSign('RSA-SHA256').update(digest(withoutEmpty(parameters))).sign(privateKey, 'base64');

/** The certificates that a merchant got from UnionPay, in PEM, and which gateway it talks to. */
export interface Trusted { readonly root: string; readonly middle: string; readonly isTest: boolean }

/** Whether an answer or a notification is UnionPay's: it brings its certificate along, which is believed for its chain, its name and its time alone. */
export function isSigned({ signature = '', ...fields }: Parameters, trusted: Trusted, now: Date): boolean {
  if (signature === '' || fields['signMethod'] !== '01') return false;
  const key = keyOf(fields['signPubKeyCert'] ?? '', trusted, now);
  return key !== null && createVerify('RSA-SHA256').update(digest(fields)).verify(key, signature, 'base64');
}

const UNIONPAY = '中国银联股份有限公司';
const UNIONPAY_TEST = '00040000:SIGN';

function keyOf(pem: string, { root, middle, isTest }: Trusted, now: Date): KeyObject | null {
  const [leaf, between, top] = [pem, middle, root].map((text) => { try { return new X509Certificate(text); } catch { return null; } });
  if (!leaf || !between || !top) return null;
  const isWithin = (one: X509Certificate): boolean => one.validFromDate <= now && now <= one.validToDate;
  const isOf = (one: X509Certificate, issuer: X509Certificate): boolean => one.checkIssued(issuer) && one.verify(issuer.publicKey);
  if (![leaf, between, top].every(isWithin) || !isOf(leaf, between) || !isOf(between, top)) return null;
  return ownerOf(leaf) === UNIONPAY || (isTest && ownerOf(leaf) === UNIONPAY_TEST) ? leaf.publicKey : null;
}

/** `CN=041@<number>@<who>@<number>`: the third part tells whose it is. */
const ownerOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1]?.split('@')[2] ?? '';
