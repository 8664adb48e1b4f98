import { hmacHex, sameText } from '../signing/digests.js';

const TOLERANCE_SECONDS = 300;

/** Whether a `Stripe-Signature` header is good: one of its `v1` for one of our endpoint secrets, no older than 300 s. */
export function isSigned(body: Buffer, header: string, secrets: readonly string[], now: Date): boolean {
  const parts = header.split(',').map((part) => part.split('=', 2) as [string, string?]);
  const timestamp = parts.find(([name]) => name.trim() === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const given = parts.flatMap(([name, value]) => (name.trim() === 'v1' && value !== undefined ? [value] : []));
  const expected = secrets.map((secret) => hmacHex('sha256', secret, Buffer.concat([Buffer.from(`${timestamp}.`), body])));
  return expected.flatMap((one) => given.map((other) => sameText(one, other))).some((same) => same);
}
