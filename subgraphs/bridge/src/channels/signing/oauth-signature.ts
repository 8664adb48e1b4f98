import { hmacHex, joined, sameText, type Parameters } from './digests.js';

/**
 * Whether an OAuth request came through the platform: hex HMAC-SHA-256 over the sorted query without `hmac`.
 * Shoplazza's pages sign plain values, its own library signs encoded ones, so both are taken.
 */
export function isQuerySigned({ hmac = '', ...query }: Parameters, secrets: readonly string[]): boolean {
  const encoded = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, encodeURIComponent(value)]));
  const texts = [query, encoded].map((parameters) => joined(parameters, { pair: '=', between: '&' }));
  return secrets.flatMap((secret) => texts.map((text) => sameText(hmacHex('sha256', secret, text), hmac))).some((same) => same);
}
