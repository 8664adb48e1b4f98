import { log } from '@quanyu/telemetry';
import { ProductError } from './errors.js';

// What PostgreSQL says of values that it cannot hold, whichever column they were meant for: half a sign or a NUL in a text
// or in JSON, a key longer than an index takes. A NUL within a statement's own text ends its message early (08P01).
const REFUSED = new Set(['08P01', '22021', '22P02', '22P05', '54000']);

/** Turns the database's refusal of a client's value into the error INPUT_INVALID; throws all else as it came. */
export function asRefusedValue(error: unknown): never {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !REFUSED.has(code)) throw error;
  log.warn('the database refused a value', { errorCode: code, error });
  throw new ProductError('INPUT_INVALID');
}
