import { describe, expect, it } from '@jest/globals';
import { Pace, Paces } from './pace.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Holds the process, as an answer that is written does. */
const busy = (milliseconds: number): void => { for (const until = performance.now() + milliseconds; performance.now() < until;); };

describe('requests', () => {
  it('begin at once while few come', () => {
    const pace = new Pace();
    expect([pace.turn(), pace.late]).toEqual([undefined, 0]);
  });

  it('begin in the order in which they came, and leave others turns in between', async () => {
    const pace = new Pace();
    const begun: number[] = [];
    const perTurn: number[] = [];
    await pace.turn();
    busy(2);
    const all = Array.from({ length: 12 }, async (_, n) => {
      await pace.turn();
      begun.push(n);
      busy(2);
      pace.done();
    });
    while (begun.length < all.length) {
      const before = begun.length;
      await turn();
      perTurn.push(begun.length - before);
    }
    expect(begun).toEqual([...begun.keys()]);
    // Whatever else has come has its turns in between.
    expect(perTurn.filter((count) => count > 0).length).toBeGreaterThan(1);
    expect(pace.late).toBe(0);
  });

  it('are few at a time, and brought to their end, while the process has no time left', async () => {
    const pace = new Pace();
    let [running, most, left] = [0, 0, 60];
    const all = Array.from({ length: left }, async () => {
      await pace.turn();
      most = Math.max(most, running += 1);
      for (let step = 0; step < 5; step += 1) {
        busy(1);
        await turn();
      }
      running -= 1;
      left -= 1;
      pace.done();
    });
    await Promise.all(all);
    expect(left).toBe(0);
    expect(most).toBeLessThanOrEqual(12);
  });

  it('are few again when many were under way for slow subgraphs and then the process has no time left', async () => {
    const pace = new Pace();
    let running = 0;
    const one = async (work: () => Promise<void>): Promise<void> => {
      await pace.turn();
      running += 1;
      await work();
      running -= 1;
      pace.done();
    };
    await Promise.all(Array.from({ length: 100 }, () => one(() => new Promise((resolve) => { setTimeout(resolve, 50); }))));
    let [most, begun] = [0, 0];
    await Promise.all(Array.from({ length: 800 }, () => one(async () => {
      begun += 1;
      for (let step = 0; step < 4; step += 1) {
        busy(0.5);
        await turn();
      }
      // By then it has been seen.
      if (begun > 700) most = Math.max(most, running);
    })));
    expect(most).toBeLessThanOrEqual(8);
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

  it('that write go together, and wait for no read', () => {
    const paces = new Paces();
    const reads = Array.from({ length: 64 }, () => paces.of('query Many { a }').turn());
    expect(reads.filter((turn) => turn === undefined).length).toBeLessThan(8);
    expect(paces.of('{ a }').turn()).toBeDefined();
    expect(Array.from({ length: 64 }, () => paces.of(' \nmutation($a: ID!) { a(a: $a) }').turn()).filter((turn) => turn !== undefined)).toEqual([]);
    expect(paces.of('mutation { a }').turn()).toBeDefined();
    expect(paces.of(undefined).turn()).toBeDefined();
    expect(paces.late).toBeGreaterThan(0);
  });
});
