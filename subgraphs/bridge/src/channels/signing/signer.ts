import { createHmac, timingSafeEqual } from 'node:crypto';

const DIGEST_BYTES = 32;

/**
 * Tells whether one of the secrets signed the body: base64 of HMAC-SHA-256 over the bytes as they came.
 * All secrets are tried in constant time, so that an answer's duration tells nothing of them.
 */
export function isSigned(body: Buffer, signature: string, secrets: readonly string[]): boolean {
  const claimed = Buffer.from(signature, 'base64');
  // The decoder skips what it does not know: only the exact spelling is the signature.
  if (claimed.length !== DIGEST_BYTES || claimed.toString('base64') !== signature) return false;
  return secrets
    .map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), claimed))
    .some((matches) => matches);
}
