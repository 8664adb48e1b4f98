import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { granted, holdsAt, MEMBERSHIP_LEVELS } from './membership.js';

const at = (text: string): Date => new Date(`${text}Z`);
const now = at('2026-11-21T08:00:00');

describe('a card', () => {
  it.each([
    ['begins now', null, 'YEAR', 1, now, at('2027-11-21T08:00:00')],
    ['lasts longer from its end on', { validFrom: at('2026-01-10T00:00:00'), validUntil: at('2027-01-10T00:00:00') }, 'YEAR', 1, at('2026-01-10T00:00:00'), at('2028-01-10T00:00:00')],
    ['begins anew after its end', { validFrom: at('2024-01-10T00:00:00'), validUntil: at('2025-01-10T00:00:00') }, 'YEAR', 2, now, at('2028-11-21T08:00:00')],
    ['is over in the instant of its end', { validFrom: at('2025-11-21T08:00:00'), validUntil: now }, 'MONTH', 1, now, at('2026-12-21T08:00:00')],
  ] as const)('%s', (_what, known, level, periods, validFrom, validUntil) => { expect(granted(known, level, periods, now)).toEqual({ validFrom, validUntil }); });

  it('ends on the last day of a month that is shorter', () => {
    expect(granted(null, 'MONTH', 1, at('2027-01-31T12:00:00')).validUntil).toEqual(at('2027-02-28T12:00:00'));
    expect(granted(null, 'YEAR', 1, at('2028-02-29T12:00:00')).validUntil).toEqual(at('2029-02-28T12:00:00'));
  });

  it('holds when it was granted, and never ends earlier by being renewed', () => {
    fc.assert(fc.property(fc.constantFrom(...MEMBERSHIP_LEVELS), fc.integer({ min: 1, max: 36 }), fc.date({ min: at('2020-01-01T00:00:00'), max: at('2040-01-01T00:00:00'), noInvalidDate: true }), (level, periods, when) => {
      const card = granted(null, level, periods, when);
      expect(holdsAt(card, when)).toBe(true);
      expect(granted(card, level, 1, when).validUntil.getTime()).toBeGreaterThan(card.validUntil.getTime());
    }));
  });
});
