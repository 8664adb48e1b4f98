import { hmacHex, joined, md5, withoutEmpty, type Parameters } from '../signing/digests.js';

export type SignMethod = 'md5' | 'hmac' | 'hmac-sha256';

/** The `sign` of a TOP call: upper-case hex over all that is sent but the sign itself. Only MD5 wraps the text in the secret. */
export function signTop({ sign: _sign, ...parameters }: Parameters, secret: string, method: SignMethod): string {
  const text = joined(withoutEmpty(parameters));
  const digest = method === 'md5' ? md5(`${secret}${text}${secret}`) : hmacHex(method === 'hmac' ? 'md5' : 'sha256', secret, text);
  return digest.toUpperCase();
}
