import { describe, expect, it } from '@jest/globals';
import { endsSoon, renewFrom } from './token-plan.js';

const at = (hours: number): Date => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000);

describe('a token', () => {
  it.each([[24 * 365, 24 * 358], [24 * 15, 24 * 8], [24 * 7, 24 * 3.5], [24, 23], [2, 1.5], [1, 0.75]])('that lives %s hours is renewed from hour %s on', (life, from) => {
    expect(renewFrom(at(0), at(life))).toEqual(at(from));
  });

  it('is renewed on use in its last hour only, and not by everybody while another could have', () => {
    const year = { expiresAt: at(24 * 365), renewAt: at(24 * 358) };
    expect([endsSoon(year, at(24 * 360)), endsSoon(year, at(24 * 365 - 1)), endsSoon(year, at(24 * 366))]).toEqual([false, true, true]);
    const hour = { expiresAt: at(1), renewAt: at(0.75) };
    expect([endsSoon(hour, at(0.5)), endsSoon(hour, at(0.8))]).toEqual([false, true]);
    expect(endsSoon({ expiresAt: null, renewAt: null }, at(0))).toBe(false);
  });
});
