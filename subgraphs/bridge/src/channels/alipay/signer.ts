import { createPublicKey, createSign, createVerify, type KeyLike } from 'node:crypto';
import { joined, md5, withoutEmpty, type Parameters } from '../signing/digests.js';

const text = (parameters: Parameters): string => joined(withoutEmpty(parameters), { pair: '=', between: '&' });
const verifies = (content: string, signature: string, publicKey: string): boolean => createVerify('RSA-SHA256').update(content).verify(createPublicKey(publicKey), signature, 'base64');

/** The `sign` of a request (RSA2): over all that is sent, `sign_type` with it. */
export const signRequest = ({ sign: _sign, ...parameters }: Parameters, privateKey: KeyLike): string => createSign('RSA-SHA256').update(text(parameters)).sign(privateKey, 'base64');

/** Whether a notification's form, decoded once, is Alipay's. Some service-market ones sign `sign_type` too. */
export function isNotifySigned({ sign = '', sign_type, ...parameters }: Parameters, publicKey: string): boolean {
  return verifies(text(parameters), sign, publicKey) || (sign_type !== undefined && verifies(text({ ...parameters, sign_type }), sign, publicKey));
}

/**
 * The exact text of an answer's `…_response` node, which is what was signed; writing it anew would change bytes.
 * Null when the answer is not of that form.
 */
export function signedNode(answer: string, method: string): string | null {
  const name = `"${method.replaceAll('.', '_')}_response"`;
  const at = answer.indexOf(name);
  if (at < 0) return null;
  const start = answer.indexOf('{', at + name.length);
  if (start < 0 || answer.slice(at + name.length, start).trim() !== ':') return null;
  let depth = 0;
  let inText = false;
  for (let i = start; i < answer.length; i += 1) {
    const char = answer[i];
    if (inText) {
      if (char === '\\') i += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{') depth += 1;
    else if (char === '}' && (depth -= 1) === 0) return answer.slice(start, i + 1);
  }
  return null;
}

export const isAnswerSigned = (node: string, sign: string, publicKey: string): boolean => verifies(node, sign, publicKey);

/** The serial by which Alipay names a certificate: of its issuer, most special part first, and its number in decimal. */
export const certificateSn = ({ issuer, serial }: { readonly issuer: string; readonly serial: bigint }): string => md5(`${issuer}${serial}`);
