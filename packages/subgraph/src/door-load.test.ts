import { describe, expect, it } from '@jest/globals';
import { DoorLoad } from './door-load.js';

describe('the webhook door', () => {
  it('is crowded while more than so many come in half a second, and calm again half a second after the last', () => {
    let now = 10;
    const load = new DoorLoad(() => now);
    load.note(75);
    expect(load.isCrowded()).toBe(false);
    load.note(1);
    expect(load.isCrowded()).toBe(true);
    now = 600;
    expect(load.isCrowded()).toBe(true);
    now = 1_100;
    expect(load.isCrowded()).toBe(false);
    now = 60_000;
    load.note(30);
    expect(load.isCrowded()).toBe(false);
  });

  it('has the process that works stand back too, which is told of a crowd within a tenth of a second', () => {
    let now = 0;
    const told: number[] = [];
    const work = new DoorLoad(() => now);
    const doors = new DoorLoad(() => now, (count) => { told.push(count); work.note(count); });
    for (; now < 300; now += 1) doors.note(1);
    expect(told).toEqual([1, 100, 100]);
    expect(work.isCrowded()).toBe(true);
    now = 1_500;
    expect(work.isCrowded()).toBe(false);
  });

  it('keeps what takes in events waiting for as long as it says at most, and not at all when it is calm', async () => {
    const load = new DoorLoad(() => 10);
    const waits = async (longestMs: number): Promise<number> => {
      const since = performance.now();
      await load.untilCalm(longestMs);
      return performance.now() - since;
    };
    load.note(75);
    expect(await waits(60_000)).toBeLessThan(30_000);
    load.note(1);
    expect(await waits(150)).toBeGreaterThanOrEqual(140);
  });
});
