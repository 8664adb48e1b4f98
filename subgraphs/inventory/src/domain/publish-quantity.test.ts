import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_PUBLISHED, publishQuantity, RATIO_SCALE, type BaseTerms, type ChannelTerms } from './publish-quantity.js';

const stock = (available: number, over: Partial<BaseTerms> = {}): BaseTerms => ({ available, safetyStock: 0, mainChannelOnlyBelow: null, ...over });
const terms = (ratio: number, over: Partial<ChannelTerms> = {}): ChannelTerms =>
  ({ ratioScaled: Math.round(ratio * RATIO_SCALE), rounding: 'FLOOR', maxOversellUnits: null, maxOversellPercent: null, minPublish: null, ...over });

const count = fc.integer({ min: 0, max: 1_000_000_000 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const anyStock = fc.record({ available: fc.oneof(fc.nat({ max: 300 }), count), safetyStock: fc.oneof(fc.nat({ max: 50 }), count), mainChannelOnlyBelow: maybe(fc.nat({ max: 100 })) });
const anyTerms = fc.record({
  ratioScaled: fc.oneof(fc.constantFrom(0, 9_800, 10_000, 20_000), fc.integer({ min: 0, max: 1_000_000 })), rounding: fc.constantFrom('FLOOR' as const, 'ROUND' as const, 'CEIL' as const),
  maxOversellUnits: maybe(fc.oneof(fc.nat({ max: 50 }), count)), maxOversellPercent: maybe(fc.integer({ min: 100, max: 10_000 })), minPublish: maybe(fc.nat({ max: 20 })),
});

describe('the published quantity', () => {
  it.each([
    ['98 % of 100', stock(100), terms(0.98), 98],
    ['98 % of 10, floored', stock(10), terms(0.98), 9],
    ['98 % of 10, rounded', stock(10), terms(0.98, { rounding: 'ROUND' }), 10],
    ['98 % of 1, floored', stock(1), terms(0.98), 0],
    ['98 % of 1, ceiled', stock(1), terms(0.98, { rounding: 'CEIL' }), 1],
    ['half a unit rounds up', stock(1), terms(0.5, { rounding: 'ROUND' }), 1],
    ['all of it', stock(7), terms(1), 7],
    ['twice, capped by 20 units', stock(100), terms(2, { maxOversellUnits: 20 }), 120],
    ['twice, within 500 units', stock(100), terms(2, { maxOversellUnits: 500 }), 200],
    ['twice, capped at 150 %', stock(33), terms(2, { maxOversellPercent: 150 }), 49],
    ['twice, the lower of both caps', stock(100), terms(2, { maxOversellUnits: 60, maxOversellPercent: 140 }), 140],
    ['three times by 200 %', stock(5), terms(3, { maxOversellPercent: 200 }), 10],
    ['no stock, twice: no units but the cap', stock(0), terms(2, { maxOversellUnits: 20 }), 0],
    ['safety stock first', stock(10, { safetyStock: 4 }), terms(1), 6],
    ['more safety stock than stock', stock(3, { safetyStock: 4 }), terms(2, { maxOversellPercent: 200 }), 0],
    ['under the least that is shown', stock(4), terms(1, { minPublish: 5 }), 0],
    ['the least that is shown', stock(5), terms(1, { minPublish: 5 }), 5],
    ['1.1 of 10 is 11, not 11.000000000000002 ceiled', stock(10), terms(1.1, { rounding: 'CEIL', maxOversellUnits: 9 }), 11],
  ] as const)('is right for %s', (_, of, by, quantity) => {
    expect(publishQuantity(of, by, true)).toBe(quantity);
  });

  it('goes to the main channel only when little is left', () => {
    const little = stock(9, { mainChannelOnlyBelow: 10 });
    expect(publishQuantity(little, terms(1), false)).toBe(0);
    expect(publishQuantity(little, terms(1), true)).toBe(9);
    expect(publishQuantity(stock(10, { mainChannelOnlyBelow: 10 }), terms(1), false)).toBe(10);
  });

  it('agrees with exact arithmetic, stays within each cap that is set and is never negative', () => {
    fc.assert(fc.property(anyStock, anyTerms, fc.boolean(), (of, by, isMain) => {
      const quantity = publishQuantity(of, by, isMain);
      const base = BigInt(Math.max(0, of.available - of.safetyStock));
      const product = base * BigInt(by.ratioScaled);
      const share = { FLOOR: product / 10_000n, ROUND: (product + 5_000n) / 10_000n, CEIL: (product + 9_999n) / 10_000n }[by.rounding];
      const bounds = [share, BigInt(MOST_PUBLISHED)];
      if (by.maxOversellUnits !== null) bounds.push(base + BigInt(by.maxOversellUnits));
      if (by.maxOversellPercent !== null) bounds.push((base * BigInt(by.maxOversellPercent)) / 100n);
      const least = bounds.reduce((a, b) => (a < b ? a : b));
      const hidden = least < BigInt(by.minPublish ?? 0) || (!isMain && base < BigInt(of.mainChannelOnlyBelow ?? 0));
      expect(BigInt(quantity)).toBe(hidden ? 0n : least);
    }), { numRuns: 2_000 });
  });

  it('never grows when stock falls', () => {
    fc.assert(fc.property(anyStock, anyTerms, fc.boolean(), fc.nat({ max: 1_000 }), (of, by, isMain, less) => {
      expect(publishQuantity({ ...of, available: Math.max(0, of.available - less) }, by, isMain)).toBeLessThanOrEqual(publishQuantity(of, by, isMain));
    }));
  });

  it('never shows more than there is where no ratio is over 1 and nothing is rounded up', () => {
    fc.assert(fc.property(anyStock, anyTerms, (of, by) => {
      expect(publishQuantity(of, { ...by, ratioScaled: Math.min(by.ratioScaled, RATIO_SCALE), rounding: 'FLOOR' }, true)).toBeLessThanOrEqual(Math.max(0, of.available - of.safetyStock));
    }));
  });
});
