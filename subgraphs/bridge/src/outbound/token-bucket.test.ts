import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

/** A clock that jumps to the end of each sleep. */
function bucket(burst: number, perSecond: number) {
  let now = 0;
  const clock = { now: () => now, sleep: async (ms: number) => { now += ms; } };
  const made = new TokenBucket({ burst, perSecond }, clock);
  return { made, at: async (cost?: number) => { await made.take(cost); return now; } };
}

describe('TokenBucket', () => {
  it('gives what it has at once, then as fast as it fills', async () => {
    const { at } = bucket(2, 10);
    expect([await at(), await at(), await at(), await at()]).toEqual([0, 0, 100, 200]);
  });

  it('counts costs, and lets one through that costs more than it can hold', async () => {
    const { at } = bucket(100, 50);
    expect([await at(60), await at(60), await at(1000)]).toEqual([0, 400, 2400]);
  });

  it('waits where the platform said so', async () => {
    const { made, at } = bucket(5, 10);
    made.pause(1500);
    expect(await at()).toBe(1500);
  });

  it('believes the platform about what is left and how fast it comes', async () => {
    const { made, at } = bucket(40, 2);
    made.learn({ remaining: 0, rate: { burst: 2000, perSecond: 100 } });
    expect(await at(50)).toBe(500);
    made.learn({ remaining: 999 });
    expect(await at(999)).toBe(500);
  });

  it('serves in the order of asking', async () => {
    const { made } = bucket(1, 1);
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => made.take().then(() => order.push(n))));
    expect(order).toEqual([1, 2, 3]);
  });
});
