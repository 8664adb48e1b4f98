import { money, MoneyError, multiply, sum, type CurrencyCode } from '@quanyu/money';
import type { ToldOrder } from './channel.js';

/** @throws MoneyError `AMOUNT_OUT_OF_RANGE` when they add up beyond 2^53. */
export const sumOf = (amounts: readonly number[], currency: CurrencyCode): number => sum(amounts.map((amount) => money(amount, currency)), currency).amountMinor;

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
