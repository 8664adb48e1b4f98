// Points are earned for what an order cost: its total in major units times the rate of its currency, rounded down.
import { exponentOf } from '@quanyu/money';

export interface Cost { readonly currency: string; readonly totalMinor: number }

/** What a new tenant starts with (PRD-3.6.3-2: 1 CNY earns 1 point). */
export const DEFAULT_RATES = [{ currency: 'CNY', pointsPerMajor: 1 }] as const;

export const MOST_POINTS_PER_MAJOR = 10_000;

export const isRate = (pointsPerMajor: number): boolean => pointsPerMajor >= 1 && pointsPerMajor <= MOST_POINTS_PER_MAJOR;

/** Far beyond what an order earns: a balance must stay a number that can be told. */
const MOST_POINTS = 10n ** 12n;

/** Points for an order; none without a rate for its currency. */
export function pointsFor({ currency, totalMinor }: Cost, pointsPerMajor: number | null): number {
  if (pointsPerMajor === null || totalMinor <= 0) return 0;
  // As BigInt: the product may pass 2^53 before it is divided again.
  const points = (BigInt(totalMinor) * BigInt(pointsPerMajor)) / 10n ** BigInt(exponentOf(currency));
  return Number(points < MOST_POINTS ? points : MOST_POINTS);
}
