import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayAfter, lastReadyDay, readyAt } from './bill-days.js';

const BEIJING = { readyHour: 10, utcOffset: 8 };

describe('the bill of a day', () => {
  it('can be there at ten the next morning in Beijing', () => {
    expect(readyAt('2026-03-01', BEIJING).toISOString()).toBe('2026-03-02T02:00:00.000Z');
    expect([lastReadyDay(new Date('2026-03-02T01:59:59Z'), BEIJING), lastReadyDay(new Date('2026-03-02T02:00:00Z'), BEIJING)]).toEqual(['2026-02-28', '2026-03-01']);
    expect(dayAfter('2026-02-28')).toBe('2026-03-01');
  });

  it('is the last one that is ready, and its next one is not', () => {
    fc.assert(fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: -12, max: 14 }), (now, readyHour, utcOffset) => {
      const day = lastReadyDay(now, { readyHour, utcOffset });
      expect(readyAt(day, { readyHour, utcOffset }).getTime()).toBeLessThanOrEqual(now.getTime());
      expect(readyAt(dayAfter(day), { readyHour, utcOffset }).getTime()).toBeGreaterThan(now.getTime());
    }));
  });
});
