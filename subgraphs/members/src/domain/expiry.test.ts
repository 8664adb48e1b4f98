import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expiryOf } from './expiry.js';

const SHANGHAI = 'Asia/Shanghai';

describe('expiryOf', () => {
  it.each([
    ['2026-01-15T04:00:00Z', SHANGHAI, '2027-01-31T16:00:00.000Z'],
    // Still January in London, already February in Shanghai.
    ['2026-01-31T16:00:00Z', SHANGHAI, '2027-02-28T16:00:00.000Z'],
    ['2026-01-31T15:59:59Z', SHANGHAI, '2027-01-31T16:00:00.000Z'],
    ['2026-12-31T20:00:00Z', SHANGHAI, '2028-01-31T16:00:00.000Z'],
    ['2027-02-10T00:00:00Z', SHANGHAI, '2028-02-29T16:00:00.000Z'],
    ['2026-01-31T16:00:00Z', 'UTC', '2027-02-01T00:00:00.000Z'],
    // The clocks of New York are on winter time on 1 March and on summer time on 1 April.
    ['2026-03-20T12:00:00Z', 'America/New_York', '2027-04-01T04:00:00.000Z'],
    ['2026-02-20T12:00:00Z', 'America/New_York', '2027-03-01T05:00:00.000Z'],
  ])('earned %s in %s: over at %s', (earnedAt, timeZone, over) => {
    expect(expiryOf(new Date(earnedAt), timeZone).toISOString()).toBe(over);
  });

  it('is always the first moment of a month, 12 to 13 months away', () => {
    const instants = fc.date({ min: new Date('2020-01-01Z'), max: new Date('2060-01-01Z'), noInvalidDate: true });
    fc.assert(fc.property(instants, fc.constantFrom(SHANGHAI, 'UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland'), (earnedAt, timeZone) => {
      const over = expiryOf(earnedAt, timeZone);
      const shown = (at: number): string => new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
      expect(shown(over.getTime())).toMatch(/-01 00:00:00$/);
      const days = (over.getTime() - earnedAt.getTime()) / 86_400_000;
      expect(days > 364.9 && days < 398).toBe(true);
    }));
  });
});
