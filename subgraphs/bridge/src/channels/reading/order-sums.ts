import { money, MoneyError, multiply, sum, type CurrencyCode, type Money } from '@quanyu/money';
import type { ToldOrder } from '../channel.js';

/** Far beyond what an order comes to: one figure near 2^53 and no sum over orders could be told any more. */
const MOST_MINOR = 10 ** 13;

/** The minor units of what an order or a part of it can come to. @throws MoneyError `AMOUNT_OUT_OF_RANGE` for all else. */
export function plausible({ amountMinor }: Money): number {
  if (amountMinor < 0 || amountMinor > MOST_MINOR) throw new MoneyError('AMOUNT_OUT_OF_RANGE');
  return amountMinor;
}

/** @throws MoneyError `AMOUNT_OUT_OF_RANGE` when they add up to more than an order can. */
export const sumOf = (amounts: readonly number[], currency: CurrencyCode): number => plausible(sum(amounts.map((amount) => money(amount, currency)), currency));

/** What the lines cost before discounts. @throws MoneyError as `sumOf`. */
export const itemsOf = (lines: ToldOrder['lines'], currency: CurrencyCode): number =>
  sumOf(lines.map((line) => multiply(money(line.unitPriceMinor, currency), line.quantity).amountMinor), currency);

/** Null where the amounts cannot be counted. */
export function countable<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof MoneyError) return null;
    throw error;
  }
}
