import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointsFor } from './earn.js';

describe('pointsFor', () => {
  it.each([
    ['CNY', 1999, 1, 19],
    ['CNY', 99, 1, 0],
    ['CNY', 50, 3, 1],
    ['JPY', 1999, 1, 1999],
    ['KWD', 1999, 2, 3],
    ['IDR', 250_000, 1, 2_500],
    ['CNY', 0, 5, 0],
    ['CNY', -1999, 1, 0],
    // What no order earns: balances must stay numbers that can be told.
    ['JPY', 10 ** 13, 10_000, 10 ** 12],
  ])('%s %d minor units at rate %d earn %d', (currency, totalMinor, rate, points) => {
    expect(pointsFor({ currency, totalMinor }, rate)).toBe(points);
  });

  it('earns nothing without a rate', () => {
    expect(pointsFor({ currency: 'USD', totalMinor: 10_000 }, null)).toBe(0);
  });

  it('never gives more than the rate, and less than one point below it', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 33 }), fc.integer({ min: 1, max: 10_000 }), (totalMinor, rate) => {
      const points = BigInt(pointsFor({ currency: 'CNY', totalMinor }, rate));
      const exact = BigInt(totalMinor) * BigInt(rate);
      expect(points * 100n <= exact && exact < (points + 1n) * 100n).toBe(true);
    }));
  });
});
