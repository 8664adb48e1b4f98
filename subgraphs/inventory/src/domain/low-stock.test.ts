import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crossing } from './low-stock.js';

/** The alerts of a course of figures. */
const told = (figures: readonly number[], threshold: number, margin: number | null = null): string[] => {
  let isLow = false;
  return figures.flatMap((available) => {
    const what = crossing(isLow, available, threshold, margin);
    if (what !== null) isLow = what === 'RAN_LOW';
    return what === null ? [] : [`${what} at ${available}`];
  });
};

describe('low stock', () => {
  it('is told once for each crossing, and again only after it has recovered', () => {
    expect(told([12, 10, 9, 8, 3, 0, 5, 9, 10, 9, 10, 11, 9, 4], 10)).toEqual(['RAN_LOW at 9', 'RECOVERED at 11', 'RAN_LOW at 9']);
    expect(told([12, 9, 11, 9, 14, 15, 9], 10, 5)).toEqual(['RAN_LOW at 9', 'RECOVERED at 15', 'RAN_LOW at 9']);
  });

  it('is off where the threshold is 0', () => {
    expect(told([3, 0, 0, 2], 0)).toEqual([]);
    expect(crossing(true, 0, 0, null)).toBe('RECOVERED');
  });

  it('never rings twice for figures that stay within the margin', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (threshold, wobble) => {
      const margin = Math.max(1, Math.ceil(threshold / 10));
      expect(told(wobble.map((part) => Math.floor(part * (threshold + margin - 1))), threshold).length).toBeLessThanOrEqual(1);
    }));
  });
});
