import { scrub } from './scrub.js';

/** What stands for a value that did not have its field's shape: visible, so that somebody mends the call. */
export const REFUSED = '[refused]';

// No spaces and ASCII only: neither a street nor a person's name is a token.
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,119}$/;
// PostgreSQL's SQLSTATE is five digits or capitals (40001, 23505) and would fall to the mask of digits.
const SQLSTATE = /^[0-9A-Z]{5}$/;
// A W3C trace id.
const TRACE_ID = /^[0-9a-f]{32}$/;
const LONGEST_TOKEN = 120;

/** Reads an id or a name from code; anything else is refused, digits of a phone are masked. */
export function asToken(value: unknown): string {
  if (typeof value !== 'string' || !TOKEN.test(value)) return REFUSED;
  return TRACE_ID.test(value) ? value : scrub(value, LONGEST_TOKEN);
}

/** Reads an error code: of ours, of Node (`ECONNREFUSED`), of PostgreSQL (`23505`), or a small number. */
export function asCode(value: unknown): string | number {
  if (typeof value === 'number') return asNumber(9_999)(value);
  return typeof value === 'string' && SQLSTATE.test(value) ? value : asToken(value);
}

/** Makes a reader of finite numbers up to `most` in size, kept to two decimals. */
export const asNumber =
  (most: number) =>
  (value: unknown): number | string =>
    typeof value === 'number' && Math.abs(value) <= most ? Math.round(value * 100) / 100 : REFUSED;
