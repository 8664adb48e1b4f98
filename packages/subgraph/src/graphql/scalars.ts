import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parseInstant(value: unknown): Date {
  const date = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) throw new GraphQLError('A DateTime is an RFC 3339 instant with a zone, such as 2026-01-31T08:00:00Z');
  return date;
}

/** An instant; goes out as RFC 3339 in UTC. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 in UTC, such as `2026-01-31T08:00:00.000Z`.',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : undefined),
});

const plain = (name: string, description: string, shape: RegExp, hint: string): GraphQLScalarType<string, string> => {
  const check = (value: unknown): string => {
    if (typeof value !== 'string' || !shape.test(value)) throw new GraphQLError(hint);
    return value;
  };
  return new GraphQLScalarType<string, string>({
    name, description, serialize: String, parseValue: check,
    parseLiteral: (node) => check(node.kind === Kind.STRING ? node.value : undefined),
  });
};

/** A decimal number as text, so that no client rounds it. */
export const Decimal = plain('Decimal', 'A decimal number as text, such as `19.99`.', /^-?\d{1,15}(\.\d{1,6})?$/, 'A Decimal is text such as "19.99"');

/** ISO 4217. */
export const CurrencyCode = plain('CurrencyCode', 'A currency by ISO 4217, such as `CNY`.', /^[A-Z]{3}$/, 'A CurrencyCode is three capital letters such as CNY');

/** A whole number where 32 bits do not do: sums over many orders, places or years. */
export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number within ±9007199254740991.',
  serialize: (value) => safe(value),
  parseValue: (value) => safe(value),
  parseLiteral: (node) => safe(node.kind === Kind.INT ? Number(node.value) : undefined),
});

function safe(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new GraphQLError('A SafeInt is a whole number within ±9007199254740991');
  return value as number;
}
