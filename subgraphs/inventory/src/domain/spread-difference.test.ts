import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spreadDifference } from './spread-difference.js';

describe('the difference of a count', () => {
  it('is missed by the main bucket first, then by the fullest', () => {
    const buckets = [{ bucket: 'live', onHand: 5 }, { bucket: 'MAIN', onHand: 3 }, { bucket: 'flash', onHand: 9 }];
    expect(spreadDifference(buckets, -2)).toEqual([{ bucket: 'MAIN', by: -2 }]);
    expect(spreadDifference(buckets, -13)).toEqual([{ bucket: 'MAIN', by: -3 }, { bucket: 'flash', by: -9 }, { bucket: 'live', by: -1 }]);
    expect(spreadDifference(buckets, 4)).toEqual([{ bucket: 'MAIN', by: 4 }]);
    expect(spreadDifference([], 0)).toEqual([]);
  });

  it('takes as much as is missing, never more than a bucket has', () => {
    const counts = fc.uniqueArray(fc.record({ bucket: fc.constantFrom('MAIN', 'a', 'b', 'c'), onHand: fc.nat({ max: 100 }) }), { selector: ({ bucket }) => bucket });
    fc.assert(fc.property(counts, fc.integer({ min: -500, max: 500 }), (buckets, difference) => {
      const parts = spreadDifference(buckets, difference);
      const all = buckets.reduce((sum, { onHand }) => sum + onHand, 0);
      expect(parts.reduce((sum, { by }) => sum + by, 0) + 0).toBe(Math.max(difference, -all) + 0);
      for (const { bucket, by } of parts) if (by < 0) expect(-by).toBeLessThanOrEqual(buckets.find((each) => each.bucket === bucket)!.onHand);
    }));
  });
});
