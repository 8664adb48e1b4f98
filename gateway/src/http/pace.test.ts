import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Holds the process, as an answer that is written does. */
const busy = (milliseconds: number): void => { for (const until = performance.now() + milliseconds; performance.now() < until;); };

describe('requests', () => {
  it('begin at once while few come', () => {
    const pace = new Pace();
    expect([pace.turn(), pace.late]).toEqual([undefined, 0]);
  });

  it('begin in the order in which they came, one a turn when turns are long', async () => {
    const pace = new Pace();
    const begun: number[] = [];
    const perTurn: number[] = [];
    await pace.turn();
    busy(2);
    const all = Array.from({ length: 12 }, async (_, n) => {
      await pace.turn();
      begun.push(n);
      busy(2);
    });
    while (begun.length < all.length) {
      const before = begun.length;
      await turn();
      perTurn.push(begun.length - before);
    }
    expect(begun).toEqual([...begun.keys()]);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(2);
    expect(pace.late).toBe(0);
  });

  it('wait for nobody whose subgraph is slow', async () => {
    const pace = new Pace();
    const hanging = Array.from({ length: 200 }, async () => { await pace.turn(); await new Promise(() => undefined); });
    let begun = false;
    const last = (async () => { await pace.turn(); begun = true; })();
    await last;
    expect([begun, hanging.length]).toEqual([true, 200]);
  });

  it('say how long the first of the row has waited', async () => {
    const pace = new Pace();
    await pace.turn();
    busy(2);
    const waiting = Array.from({ length: 3 }, () => pace.turn());
    busy(20);
    expect(pace.late).toBeGreaterThanOrEqual(20);
    await Promise.all(waiting);
    expect(pace.late).toBe(0);
  });
});
