import { hmacHex, joined, sameText, type Parameters } from '../signing/digests.js';

/** Whether a workflow's webhook carries our secret: HMAC-SHA-256 over the sorted query and the body. */
export const isSigned = (body: Buffer, query: Parameters, signature: string, secrets: readonly string[]): boolean =>
  secrets.map((secret) => sameText(hmacHex('sha256', secret, Buffer.concat([Buffer.from(joined(query)), body])), signature.toLowerCase())).some((same) => same);
