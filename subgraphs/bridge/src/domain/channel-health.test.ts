import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { budgetLeft, flowFigure, healthOf, type ChannelDay } from './channel-health.js';

const day = (over: Partial<ChannelDay>): ChannelDay => ({ isOff: false, done: 100, failed: 0, lagSeconds: 1, failuresInARow: 0, ...over });

describe('the health of a channel', () => {
  it.each([[{}, 'OK'], [{ lagSeconds: 300 }, 'OK'], [{ lagSeconds: 301 }, 'LATE'], [{ failuresInARow: 1 }, 'LATE'], [{ failuresInARow: 3 }, 'FAILING'], [{ isOff: true, failuresInARow: 9 }, 'OFF']] as const)('with %j is %s', (over, status) => {
    expect(healthOf(day(over))).toBe(status);
  });

  it('has a budget of one in a thousand: whole without a fault, spent with the first of a thousand, and never more than that', () => {
    expect([budgetLeft({ done: 0, failed: 0 }), budgetLeft({ done: 10_000, failed: 0 })]).toEqual([1, 1]);
    expect(budgetLeft({ done: 9_999, failed: 1 })).toBeCloseTo(0.9);
    expect(budgetLeft({ done: 999, failed: 1 })).toBeCloseTo(0);
    fc.assert(fc.property(fc.nat(), fc.nat(), (done, failed) => {
      const left = budgetLeft({ done, failed });
      expect(left).toBeLessThanOrEqual(1);
      expect(left).toBeGreaterThanOrEqual(-1);
      expect(budgetLeft({ done: done + 1, failed })).toBeGreaterThanOrEqual(left);
    }));
  });
});

describe('a flow of a shop', () => {
  it.each([
    ['ORDER_PUSH', 100, 96, true], ['ORDER_PUSH', 100, 95, false], ['ORDER_PUSH', 20, 19, false], ['ORDER_PUSH', 21, 20, true],
    ['FULFILMENT', 100, 91, true], ['FULFILMENT', 10, 9, false], ['FULFILMENT', 0, 0, true],
  ] as const)('%s with %d, of them %d good, keeps what it owes: %s', (flow, count, good, met) => {
    expect(flowFigure(flow, { count, good })).toMatchObject({ met, share: count === 0 ? null : good / count });
  });
});
