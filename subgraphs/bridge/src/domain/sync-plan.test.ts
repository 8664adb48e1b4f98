import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCaughtUp, waitAfter, windowAfter } from './sync-plan.js';

const POLICY = { everySeconds: 300, overlapSeconds: 120, longestWindowSeconds: 1800, lagSeconds: 180 };
const at = (text: string): Date => new Date(`2026-03-01T${text}Z`);

describe('windowAfter', () => {
  it('begins before the cursor and ends where the platform or the present does', () => {
    expect(windowAfter(at('10:00:00'), at('10:10:00'), POLICY)).toEqual({ from: at('09:58:00'), to: at('10:07:00') });
    expect(windowAfter(at('10:00:00'), at('15:00:00'), POLICY)).toEqual({ from: at('09:58:00'), to: at('10:28:00') });
  });

  it('is none while all that may be told has been', () => {
    expect(windowAfter(at('10:00:00'), at('10:03:00'), POLICY)).toBeNull();
    expect(windowAfter(at('10:00:00'), at('09:00:00'), POLICY)).toBeNull();
  });

  it('read one after the other, windows leave no gap, end, and none is longer than allowed', () => {
    const seconds = (most: number) => fc.integer({ min: 0, max: most });
    // As far behind as a thousand windows: by steps of a second, five million would be looked at.
    fc.assert(fc.property(seconds(1_000), seconds(90_000), seconds(600), fc.integer({ min: 601, max: 90_000 }), seconds(600), (windows, more, overlapSeconds, longestWindowSeconds, lagSeconds) => {
      const policy = { everySeconds: 300, overlapSeconds, longestWindowSeconds, lagSeconds };
      const now = at('10:00:00');
      const step = longestWindowSeconds - overlapSeconds;
      let cursor = new Date(now.getTime() - (windows * step + more % step) * 1000);
      for (let window = windowAfter(cursor, now, policy); window !== null; window = windowAfter(cursor, now, policy)) {
        expect(window.from.getTime()).toBe(cursor.getTime() - overlapSeconds * 1000);
        expect(window.to.getTime() - window.from.getTime()).toBeLessThanOrEqual(longestWindowSeconds * 1000);
        expect(window.to.getTime()).toBeGreaterThan(cursor.getTime());
        cursor = window.to;
      }
      expect(cursor.getTime()).toBeGreaterThanOrEqual(now.getTime() - lagSeconds * 1000);
    }), { numRuns: 100 });
  });
});

describe('what comes after', () => {
  it('is the next window at once while one is behind', () => {
    expect(isCaughtUp(at('10:28:00'), at('15:00:00'), POLICY)).toBe(false);
    expect(isCaughtUp(at('14:57:00'), at('15:00:00'), POLICY)).toBe(true);
  });

  it('waits longer from failure to failure, or as long as the platform says', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 99].map((failures) => waitAfter(failures, null))).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000]);
    expect(waitAfter(1, 90_000)).toBe(90);
  });
});
