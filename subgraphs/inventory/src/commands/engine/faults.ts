/** What a failed call means for those who wait for it. */
export type Fault =
  /** Met another transaction: the same again will do. */
  | 'collision'
  /** The server is not there, or went away; what was sent may have been done, and repeating it by its keys tells. */
  | 'away'
  /** No time or no connection left: all are told to come back. */
  | 'overload'
  /** One of the batch cannot be done at all. */
  | 'poison';

const COLLISIONS: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);
/** Statement and lock timeouts; connections, disk or memory used up; a pool without a free connection. */
const OVERLOADS = /^(57014|55P03|53\d{3})$/;
const AWAY = /^(57P0\d|08...|ECONN\w+|EPIPE|ETIMEDOUT)$/;
const POOL_EXHAUSTED = /timeout exceeded when trying to connect/;
const CONNECTION = /connection|query read timeout|not queryable/i;

export function faultOf(error: unknown): Fault {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string') {
    if (COLLISIONS.has(code)) return 'collision';
    if (OVERLOADS.test(code)) return 'overload';
    if (AWAY.test(code)) return 'away';
    return 'poison';
  }
  if (POOL_EXHAUSTED.test(message)) return 'overload';
  return CONNECTION.test(message) ? 'away' : 'poison';
}
