import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Pace } from '../http/pace.js';
import { USUAL_LIMITS } from './gate.js';
import { Overload } from './overload.js';

// The test keeps the clock, the event loop turns by itself: how fast the machine is tells nothing here.
beforeEach(() => { jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] }); });
afterEach(() => { jest.useRealTimers(); });

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a stranger who is let in', () => {
  it.each([[1, 2], [5, 4], [20, 10]])('is served within half a second while each answer takes %i ms and %i times as many come as can be served', async (work, times) => {
    const pace = new Pace();
    const overload = new Overload(pace);
    const served: number[] = [];
    let sentAway = 0;
    const serve = async (): Promise<void> => {
      const since = performance.now();
      await pace.turn();
      jest.advanceTimersByTime(work);
      served.push(performance.now() - since);
      pace.done();
    };
    const begun: Promise<void>[] = [];
    for (let due = 0, since = performance.now(); begun.length + sentAway < 2_000;) {
      for (due = Math.max(1, (performance.now() - since) / work * times); begun.length + sentAway < due;) {
        if (overload.refuses('anonymous', USUAL_LIMITS.shedAfter.anonymous) === undefined) begun.push(serve());
        else sentAway += 1;
      }
      await turn();
    }
    await Promise.all(begun);
    overload.stop();
    expect(Math.max(...served)).toBeLessThan(500);
    // Whatever can be served is: nobody is sent away for nothing.
    expect(served.length * times).toBeGreaterThan(0.8 * (served.length + sentAway));
    expect(sentAway).toBeGreaterThan(0);
  });
});
