import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { costOf, provinceKey } from './carrier-choice.js';
import { nextTrack, TRACK_STATES, type Track, type TrackNews } from './parcel-track.js';

const RANK = { PICKED_UP: 0, IN_TRANSIT: 1, OUT_FOR_DELIVERY: 2, RETURNING: 3, DELIVERED: 4, RETURNED: 4 } as const;
const news = fc.record({ state: fc.constantFrom(...TRACK_STATES, 'PROBLEM' as const), at: fc.integer({ min: 1, max: 40 }).map((hour) => new Date(hour * 3_600_000)) });
const after = (all: readonly TrackNews[]): Track | null => all.reduce<Track | null>((known, one) => nextTrack(known, one), null);

describe('a parcel', () => {
  it('never goes back, and what it is told twice changes nothing', () => {
    fc.assert(fc.property(fc.array(news, { minLength: 1, maxLength: 30 }), (all) => {
      let known: Track | null = null;
      for (const one of all) {
        const next: Track = nextTrack(known, one);
        if (known !== null) expect(RANK[next.state]).toBeGreaterThanOrEqual(RANK[known.state]);
        if (known?.state === 'DELIVERED' || known?.state === 'RETURNED') expect(next).toBe(known);
        expect(nextTrack(next, one)).toBe(next);
        known = next;
      }
    }));
  });

  it('is as far as the furthest news says, whatever order they come in, until one of them ends it', () => {
    const unended = news.filter(({ state }) => state !== 'DELIVERED' && state !== 'RETURNED');
    fc.assert(fc.property(fc.array(unended, { minLength: 1, maxLength: 12 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      expect(after(shuffled)!.state).toBe(after(all)!.state);
    }));
  });
});

describe('what a carrier asks', () => {
  const rate = { carrier: 'SF', province: '', currency: 'CNY', firstGrams: 1000, firstMinor: 1200, moreGrams: 500, moreMinor: 300, promisedHours: 24 };

  it.each([[1, 1200], [1000, 1200], [1001, 1500], [1500, 1500], [1501, 1800], [20_000, 12_600]])('for %d g is %d', (grams, minor) => { expect(costOf(rate, grams)).toBe(minor); });

  it.each([['江苏省', '江苏'], ['江苏', '江苏'], ['上海市', '上海'], ['新疆维吾尔自治区', '新疆'], ['Jiangsu Province', 'jiangsu'], [null, '']])('is kept for %s as %s', (told, key) => { expect(provinceKey(told)).toBe(key); });
});
