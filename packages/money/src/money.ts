import { exponentOf, type CurrencyCode } from './currency.js';
import { MoneyError } from './errors.js';

/** An exact amount: a whole number of the currency's smallest unit (fen, cent, yen), at most 2^53 - 1. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: CurrencyCode;
}

/**
 * Makes an amount from minor units: `money(1999, 'CNY')` is 19.99 yuan.
 * @throws MoneyError `AMOUNT_OUT_OF_RANGE` for fractions and beyond ±(2^53 - 1), `UNKNOWN_CURRENCY`.
 */
export function money(amountMinor: number, currency: CurrencyCode): Money {
  exponentOf(currency);
  if (!Number.isSafeInteger(amountMinor)) throw new MoneyError('AMOUNT_OUT_OF_RANGE');
  // Adding zero turns -0 into 0, so that equal amounts are equal for every comparison.
  return { amountMinor: amountMinor + 0, currency };
}

/** Makes the amount of nothing. */
export const zero = (currency: CurrencyCode): Money => money(0, currency);

/** Adds two amounts; @throws MoneyError `CURRENCY_MISMATCH`, `AMOUNT_OUT_OF_RANGE`. */
export function add(a: Money, b: Money): Money {
  mustMatch(a, b.currency);
  return money(a.amountMinor + b.amountMinor, a.currency);
}

/** Takes `b` from `a`; @throws MoneyError `CURRENCY_MISMATCH`, `AMOUNT_OUT_OF_RANGE`. */
export function subtract(a: Money, b: Money): Money {
  mustMatch(a, b.currency);
  return money(a.amountMinor - b.amountMinor, a.currency);
}

/** Turns the sign of an amount. */
export const negate = (a: Money): Money => money(-a.amountMinor, a.currency);

/**
 * Multiplies an amount by a whole number: a unit price by a quantity.
 *
 * Parts of an amount are the work of `allocate`, which loses nothing.
 * @throws MoneyError `AMOUNT_OUT_OF_RANGE`, also when the factor is no whole number.
 */
export function multiply(a: Money, factor: number): Money {
  if (!Number.isSafeInteger(factor)) throw new MoneyError('AMOUNT_OUT_OF_RANGE');
  // Exact or refused: a product beyond 2^53 rounds to a number that is beyond it too.
  return money(a.amountMinor * factor, a.currency);
}

/** Orders two amounts of one currency, as `sort` wants it; @throws MoneyError `CURRENCY_MISMATCH`. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  mustMatch(a, b.currency);
  if (a.amountMinor === b.amountMinor) return 0;
  return a.amountMinor < b.amountMinor ? -1 : 1;
}

/**
 * Adds up a list, which may be empty and therefore needs its currency said.
 * @throws MoneyError `CURRENCY_MISMATCH`, `AMOUNT_OUT_OF_RANGE` when the sum is (steps on the way may be).
 */
export function sum(list: Iterable<Money>, currency: CurrencyCode): Money {
  // As BigInt, so that the order of a list never decides whether it can be added up.
  let total = 0n;
  for (const item of list) {
    mustMatch(item, currency);
    total += BigInt(money(item.amountMinor, currency).amountMinor);
  }
  return money(Number(total), currency);
}

function mustMatch(a: Money, currency: CurrencyCode): void {
  if (a.currency !== currency) throw new MoneyError('CURRENCY_MISMATCH');
}
