import { reduceError } from './reduce-error.js';
import { asCode, asNumber, asToken } from './values.js';

// The whole vocabulary of a log line. A new word is added here, with the reader that keeps its shape.
const FIELDS = {
  requestId: asToken,
  correlationId: asToken,
  causationId: asToken,
  traceId: asToken,
  tenantId: asToken,
  orderId: asToken,
  deliveryId: asToken,
  connectionId: asToken,
  eventId: asToken,
  eventType: asToken,
  channel: asToken,
  subgraph: asToken,
  consumer: asToken,
  jobName: asToken,
  step: asToken,
  phase: asToken,
  errorCode: asCode,
  // The caps are what the figure can be at most, and lie below what a phone number reads as.
  ms: asNumber(999_999_999),
  count: asNumber(999_999_999),
  attempt: asNumber(100_000),
  port: asNumber(65_535),
  error: (value: unknown) => reduceError(value),
} as const;

type FieldName = keyof typeof FIELDS;
type NumberField = 'ms' | 'count' | 'attempt' | 'port';

/**
 * What a log line may carry besides its message; everything else does not compile and is dropped at run time.
 *
 * Texts are ids, names from code and codes: short, ASCII, without spaces. `ms` is milliseconds.
 * `error` takes anything that was thrown and keeps what is safe of it.
 */
export type LogFields = {
  readonly [F in Exclude<FieldName, 'error'>]?: (F extends NumberField ? number : string) | null;
} & { readonly error?: unknown };

const READERS = Object.entries(FIELDS);

/** Keeps the allow-listed own fields whose values have the shape of their kind; never throws. */
export function allowedFields(fields: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, read] of READERS) {
    if (!Object.hasOwn(fields, name)) continue;
    const value = valueOf(fields, name);
    if (value !== undefined && value !== null) kept[name] = read(value);
  }
  return kept;
}

// A getter that throws must not turn a log line into a failed order.
function valueOf(fields: object, name: string): unknown {
  try {
    return (fields as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
