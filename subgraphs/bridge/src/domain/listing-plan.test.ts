import { describe, expect, it } from '@jest/globals';
import { placeOf, secondsToNext, textOf } from './listing-plan.js';

describe('what a shop lists', () => {
  it('is read every hour where it is goods, and at four in the morning in Beijing where it is customers, or as somebody set', () => {
    const now = new Date('2026-03-01T18:30:00Z');
    expect([secondsToNext('GOODS', {}, now), secondsToNext('GOODS', { goodsEveryMinutes: '15' }, now)]).toEqual([3_600, 900]);
    expect([secondsToNext('CUSTOMERS', {}, now), secondsToNext('CUSTOMERS', { customersAtHour: '2' }, now), secondsToNext('CUSTOMERS', {}, new Date('2026-03-01T20:00:00Z'))]).toEqual([5_400, 84_600, 86_400]);
  });

  it('goes on where it was cut off', () => {
    for (const place of [{ whole: true, complete: true, page: '2' }, { whole: true, complete: false, page: 'a|b' }, { whole: false, complete: true, page: 'x' }]) expect(placeOf(textOf(place))).toEqual(place);
    expect([placeOf(null), placeOf('2'), placeOf('constructor|x')]).toEqual([null, null, null]);
  });
});
