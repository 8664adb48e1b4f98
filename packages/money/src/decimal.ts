import { exponentOf, type CurrencyCode } from './currency.js';
import { MoneyError } from './errors.js';
import { money, type Money } from './money.js';

const DECIMAL = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * Reads a decimal text exactly: `19.99` of CNY is 1999 fen. No float on the way.
 *
 * Takes a sign and decimals beyond the currency's when they are zeros (`199.000`). Refuses empty texts, spaces,
 * exponents, separators of thousands, a bare point, `NaN`: whoever sends those means something we would guess.
 * @throws MoneyError `INVALID_AMOUNT`, `TOO_MANY_DECIMALS`, `AMOUNT_OUT_OF_RANGE`, `UNKNOWN_CURRENCY`.
 */
export function parseDecimal(text: string, currency: CurrencyCode): Money {
  const exponent = exponentOf(currency);
  // A JSON number has been a float already; the type keeps it out, this does so at run time.
  const match = typeof text === 'string' ? DECIMAL.exec(text) : null;
  if (match === null) throw new MoneyError('INVALID_AMOUNT');
  const [, sign, whole = '', decimals = ''] = match;
  if (/[1-9]/.test(decimals.slice(exponent))) throw new MoneyError('TOO_MANY_DECIMALS');
  const minor = BigInt(whole + decimals.slice(0, exponent).padEnd(exponent, '0'));
  // A BigInt beyond 2^53 becomes a number beyond it, which money() refuses.
  return money(Number(sign === '-' ? -minor : minor), currency);
}

/** Prints an amount as a decimal text with all decimals of its currency: `19.99`, JPY `1999`, KWD `1.234`. */
export function toDecimal({ amountMinor, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(money(amountMinor, currency).amountMinor)).padStart(exponent + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  const point = digits.length - exponent;
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
