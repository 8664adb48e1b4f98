import { isCurrency, parseDecimal, type CurrencyCode } from '@quanyu/money';
import { z } from 'zod';
import { countable, plausible } from './order-sums.js';

// Fields as JSON bodies of shops carry them, after `parseJson`: numbers and texts look alike.

const MOST_LINES = 1_000;
const LONGEST_WORDS = 2_000;
/** Far enough for clocks that are wrong, and within what every consumer can store and compare. */
const YEARS = { from: 1990, to: 2199 } as const;

const text = z.union([z.string(), z.number()]).transform(String);
/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export const words = text.transform((value) => Buffer.from(value.replaceAll('\0', '').slice(0, LONGEST_WORDS)).toString().trim());
export const id = words.pipe(z.string().min(1).max(64));
export const count = text.pipe(z.string().regex(/^\d{1,9}$/)).transform(Number);
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/)
  .transform((value) => new Date(value)).refine((date) => date.getUTCFullYear() >= YEARS.from && date.getUTCFullYear() <= YEARS.to);

/** An amount in decimal digits, in minor units. */
export const amountIn = (currency: CurrencyCode) => text.transform((value, context) => {
  const amountMinor = countable(() => plausible(parseDecimal(value, currency)));
  if (amountMinor !== null) return amountMinor;
  context.addIssue({ code: 'custom', message: 'no amount of this currency' });
  return z.NEVER;
});

/** The lines of an order; more than any shop sells at once is an attack. */
export const linesOf = <Line extends z.ZodType>(line: Line) => z.array(line).max(MOST_LINES);

const withCurrency = (standard: CurrencyCode | null) => z.object({ currency: z.preprocess((told) => (told === null || told === undefined || told === '' ? standard : told), z.string().refine(isCurrency)) });
const envelope = z.object({ order: z.record(z.string(), z.unknown()) });

export type Read<Order> = { readonly order: Order; readonly currency: CurrencyCode } | { readonly path: string };

/**
 * A reader of bodies, bare or in `{ order: … }`: gives the order, else the path of the first field that does not fit,
 * without its value. `standard` is the currency of an order that tells none. Amounts are read in the order's currency, so each currency has a schema of its own.
 */
export function orderReader<Schema extends z.ZodType>(schemaOf: (currency: CurrencyCode) => Schema, standard: CurrencyCode | null = null): (body: unknown) => Read<z.output<Schema>> {
  const schemas = new Map<CurrencyCode, Schema>();
  const head = withCurrency(standard);
  return (body) => {
    const wrapped = envelope.safeParse(body);
    const bare = wrapped.success ? wrapped.data.order : body;
    const told = head.safeParse(bare);
    if (!told.success) return { path: pathOf(told.error) };
    const { currency } = told.data;
    const schema = schemas.get(currency) ?? schemaOf(currency);
    schemas.set(currency, schema);
    const order = schema.safeParse(bare);
    return order.success ? { order: order.data, currency } : { path: pathOf(order.error) };
  };
}

const pathOf = (error: z.ZodError): string => error.issues[0]?.path.join('.') || 'body';
