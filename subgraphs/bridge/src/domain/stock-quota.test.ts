import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pushedPauseSeconds } from './stock-quota.js';

describe('pushes of stock', () => {
  it('use half of the calls of a plan at most, and are as quick as that allows', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 1_000_000 }), (calls) => { expect(86_400 / pushedPauseSeconds(calls)).toBeLessThanOrEqual(calls / 2); }));
    expect([1_000, 2_500, 5_000, 10_000, 100_000].map(pushedPauseSeconds)).toEqual([173, 70, 35, 18, 10]);
  });

  it('wait a minute where nobody has said what the plan allows', () => { expect([pushedPauseSeconds(Number.NaN), pushedPauseSeconds(0)]).toEqual([60, 60]); });
});
