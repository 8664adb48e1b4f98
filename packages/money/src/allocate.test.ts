import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, money, MoneyError, negate, sum } from './index.js';

const minorsOf = (total: number, weights: number[]): number[] =>
  allocate(money(total, 'CNY'), weights).map((part) => part.amountMinor);
const codeOf = (weights: number[]): unknown => {
  try {
    return minorsOf(100, weights);
  } catch (error) {
    return error instanceof MoneyError ? error.code : error;
  }
};

const weights = fc
  .array(fc.oneof(fc.nat({ max: 5 }), fc.maxSafeNat()), { minLength: 1, maxLength: 30 })
  .filter((list) => list.some((weight) => weight > 0));

describe('allocate', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [200, [1, 1, 1], [67, 67, 66]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [100, [0, 1, 0, 1], [0, 50, 0, 50]],
    [1, [1, 2, 1], [0, 1, 0]],
    [2, [1, 1, 1, 1], [1, 1, 0, 0]],
    [0, [3, 4], [0, 0]],
    [5, [7], [5]],
    [1000, [1999, 4999, 3], [286, 714, 0]],
  ])('divides %d by %j into %j', (total, by, parts) => {
    expect(minorsOf(total, by)).toEqual(parts);
  });

  it('sums exactly to the total, each part within one unit of its exact share', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (minor, by) => {
        const total = money(minor, 'CNY');
        const parts = allocate(total, by);
        expect(parts).toHaveLength(by.length);
        expect(sum(parts, 'CNY')).toEqual(total);
        const whole = by.reduce((rest, weight) => rest + BigInt(weight), 0n);
        for (const [place, part] of parts.entries()) {
          const off = BigInt(part.amountMinor) * whole - BigInt(minor) * BigInt(by[place] ?? 0);
          expect(off < whole && off > -whole).toBe(true);
          if (by[place] === 0) expect(part.amountMinor).toBe(0);
        }
      }),
    );
  });

  it('divides a negative total as its positive, and the same way each time', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (minor, by) => {
        const parts = allocate(money(minor, 'CNY'), by);
        expect(allocate(money(-minor, 'CNY'), by)).toEqual(parts.map(negate));
        expect(allocate(money(minor, 'CNY'), by)).toEqual(parts);
      }),
    );
  });

  it('gives a larger weight never less than a smaller one', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), weights, (minor, by) => {
        const parts = minorsOf(minor, by).map((part, place) => ({ part, weight: by[place] ?? 0 }));
        const ordered = parts.toSorted((a, b) => a.weight - b.weight || a.part - b.part);
        for (let at = 1; at < ordered.length; at += 1) {
          expect(ordered[at]?.part).toBeGreaterThanOrEqual(ordered[at - 1]?.part ?? 0);
        }
      }),
    );
  });

  const refused = [[[]], [[0, 0]], [[-1, 2]], [[0.5, 0.5]], [[NaN]], [[Infinity, 1]], [[2 ** 53]]];
  it.each(refused)('refuses the weights %j', (by) => {
    expect(codeOf(by)).toBe('INVALID_WEIGHTS');
  });

  it('refuses a total that is none', () => {
    expect(() => allocate({ amountMinor: 0.5, currency: 'CNY' }, [1])).toThrow(MoneyError);
  });
});
