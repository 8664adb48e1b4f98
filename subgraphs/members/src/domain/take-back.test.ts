import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointsToTakeBack } from './take-back.js';

describe('points that go back with the money', () => {
  it('are all of them once all the money has gone back, in whatever parts, and never more', () => {
    fc.assert(fc.property(fc.nat(10_000_000), fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 }), (points, parts) => {
      const totalMinor = parts.reduce((sum, part) => sum + part, 0);
      let before = 0;
      let back = 0;
      for (const amountMinor of parts) {
        const some = pointsToTakeBack({ points, totalMinor, refundedBeforeMinor: before, amountMinor });
        expect(some).toBeGreaterThanOrEqual(0);
        before += amountMinor;
        back += some;
        expect(back).toBeLessThanOrEqual(points);
      }
      expect(back).toBe(points);
    }));
  });
});
