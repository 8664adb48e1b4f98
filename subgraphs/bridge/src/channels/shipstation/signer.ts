import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto';

/** The `Authorization` header of API v1. */
export const basic = (apiKey: string, apiSecret: string): string => `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;

const WINDOW_MS = 5 * 60_000;

/** Whether an API v2 webhook is ShipStation's: RSA over timestamp and body, within five minutes of `now`. The key set holds keys of other kinds too. */
export function isSigned({ body, timestamp, signature, keyId }: { readonly body: Buffer; readonly timestamp: string; readonly signature: string; readonly keyId: string },
  keys: readonly (JsonWebKey & { readonly kid?: string })[], now: Date): boolean {
  const at = Date.parse(timestamp);
  if (Number.isNaN(at) || Math.abs(now.getTime() - at) > WINDOW_MS) return false;
  const key = keys.find(({ kid, kty }) => kid === keyId && kty === 'RSA');
  if (key === undefined) return false;
  return createVerify('RSA-SHA256').update(`${timestamp}.`).update(body).verify(createPublicKey({ key, format: 'jwk' }), signature, 'base64');
}
