import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Rounds } from './rounds.js';

const NEVER = 60_000;
const until = async (holds: () => boolean): Promise<void> => { while (!holds()) await sleep(5); };

describe('rounds', () => {
  it('keep the earliest time asked for, however often a later one is asked for', async () => {
    let done = 0;
    const rounds = new Rounds(() => { done += 1; return Promise.resolve(NEVER); });
    rounds.within(60);
    for (let n = 0; n < 10; n += 1) {
      await sleep(10);
      rounds.within(60);
    }
    expect(done).toBeGreaterThan(0);
    await rounds.stop();
  });

  it('never run twice at once; what is asked for meanwhile comes after', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    let letGo = (): void => undefined;
    const rounds = new Rounds(async () => {
      most = Math.max(most, running += 1);
      await new Promise<void>((resolve) => { letGo = resolve; });
      running -= 1;
      done += 1;
      return NEVER;
    });
    rounds.within(0);
    await until(() => running === 1);
    rounds.within(0);
    rounds.within(0);
    letGo();
    await until(() => done === 1 && running === 1);
    letGo();
    await sleep(50);
    expect([done, most]).toEqual([2, 1]);
    await rounds.stop();
  });

  it('come again when the work says so, and end with the one under way', async () => {
    let done = 0;
    const rounds = new Rounds(async () => { await sleep(10); done += 1; return 5; });
    rounds.within(0);
    await until(() => done > 1);
    const before = done;
    await rounds.stop();
    const after = done;
    expect(after - before).toBeLessThanOrEqual(1);
    await sleep(40);
    rounds.within(0);
    await sleep(20);
    expect(done).toBe(after);
  });
});
