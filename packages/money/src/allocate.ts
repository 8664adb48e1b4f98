import { MoneyError } from './errors.js';
import { money, type Money } from './money.js';

/**
 * Divides an amount by weights so that the parts sum to it exactly: a discount over the lines of an order.
 *
 * Largest remainder (Hare-Niemeyer): each part gets its share rounded down, the units left over go to the
 * largest remainders, equal ones in the order of the list. A negative total divides as its positive does, and
 * a part of weight zero gets nothing.
 * @param weights whole numbers from zero up, for example line totals in minor units or quantities
 * @throws MoneyError `INVALID_WEIGHTS` for other weights, an empty list, or zeros only.
 */
export function allocate(total: Money, weights: readonly number[]): Money[] {
  const { amountMinor, currency } = money(total.amountMinor, total.currency);
  const weightSum = weights.reduce((whole, weight) => whole + wholeWeight(weight), 0n);
  if (weightSum === 0n) throw new MoneyError('INVALID_WEIGHTS');

  const amount = BigInt(Math.abs(amountMinor));
  const shares = weights.map((weight, place) => {
    const exact = amount * BigInt(weight);
    return { place, minor: exact / weightSum, remainder: exact % weightSum };
  });
  const left = Number(shares.reduce((rest, share) => rest - share.minor, amount));
  const favoured = new Set(shares.toSorted(byRemainder).slice(0, left));

  const sign = amountMinor < 0 ? -1 : 1;
  return shares.map((share) => money(sign * Number(share.minor + (favoured.has(share) ? 1n : 0n)), currency));
}

function wholeWeight(weight: number): bigint {
  if (!Number.isSafeInteger(weight) || weight < 0) throw new MoneyError('INVALID_WEIGHTS');
  return BigInt(weight);
}

function byRemainder(a: { place: number; remainder: bigint }, b: { place: number; remainder: bigint }): number {
  if (a.remainder === b.remainder) return a.place - b.place;
  return a.remainder > b.remainder ? -1 : 1;
}
