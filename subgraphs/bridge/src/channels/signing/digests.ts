import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

// Digests as the platforms spell them. MD5 and SHA-1 stand here because their protocols ask for them.

export const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');
export const sha1 = (text: string | Buffer): string => createHash('sha1').update(text).digest('hex');
export const hmacHex = (algorithm: 'md5' | 'sha256', secret: string, text: string | Buffer): string => createHmac(algorithm, secret).update(text).digest('hex');

/** Whether two texts are the same, told in a time that depends on their length alone. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export type Parameters = Readonly<Record<string, string>>;

/** `k1v1k2v2…`, by code units of the names. */
export const joined = (parameters: Parameters, { pair = '', between = '' }: { readonly pair?: string; readonly between?: string } = {}): string =>
  Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}${pair}${value}`).join(between);

/** Some platforms leave out of the text what has no value; it is not sent either. */
export const withoutEmpty = (parameters: Parameters): Parameters => Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
