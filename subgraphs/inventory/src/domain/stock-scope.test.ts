import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { channelQuantities, withChanges, type AllocationSettings } from './channel-quantities.js';
import { publishQuantity } from './publish-quantity.js';
import { faultOfPolicy, faultOfRule, policyOf, ratioText, scaledRatio, termsOf, type AllocationRule, type StockPolicy } from './stock-scope.js';

const rule = (over: Partial<AllocationRule> = {}): AllocationRule =>
  ({ channelId: null, category: null, skuId: null, ratioScaled: null, rounding: null, maxOversellUnits: null, maxOversellPercent: null, minPublish: null, ...over });
const policy = (over: Partial<StockPolicy> = {}): StockPolicy =>
  ({ category: null, skuId: null, safetyStock: null, lowStockThreshold: null, lowStockMargin: null, mainChannelOnlyBelow: null, ...over });

const TEE = { skuId: 'sku_tee', category: 'apparel' };

describe('the rule that holds', () => {
  it.each([
    ['nothing said', [], 10_000],
    ['for all', [rule({ ratioScaled: 1 })], 1],
    ['the channel before all', [rule({ ratioScaled: 1 }), rule({ channelId: 'con_a', ratioScaled: 2 })], 2],
    ['the category before the channel', [rule({ channelId: 'con_a', ratioScaled: 2 }), rule({ category: 'apparel', ratioScaled: 3 })], 3],
    ['the category on the channel before the category', [rule({ category: 'apparel', ratioScaled: 3 }), rule({ channelId: 'con_a', category: 'apparel', ratioScaled: 4 })], 4],
    ['the SKU before the category on the channel', [rule({ channelId: 'con_a', category: 'apparel', ratioScaled: 4 }), rule({ skuId: 'sku_tee', ratioScaled: 5 })], 5],
    ['the SKU on the channel before all of them', [rule({ skuId: 'sku_tee', ratioScaled: 5 }), rule({ channelId: 'con_a', skuId: 'sku_tee', ratioScaled: 6 }), rule({ ratioScaled: 1 })], 6],
    ['not that of another channel, category or SKU', [rule({ channelId: 'con_b', ratioScaled: 7 }), rule({ category: 'tea', ratioScaled: 8 }), rule({ skuId: 'sku_mug', ratioScaled: 9 })], 10_000],
  ])('is the most specific: %s', (_, rules, ratioScaled) => {
    for (const order of [rules, [...rules].reverse()]) expect(termsOf(order, TEE, 'con_a').ratioScaled).toBe(ratioScaled);
  });

  it('takes each value from the most specific rule that says it', () => {
    const rules = [rule({ rounding: 'CEIL', minPublish: 3 }), rule({ skuId: 'sku_tee', ratioScaled: 20_000, maxOversellUnits: 5 }), rule({ channelId: 'con_a', minPublish: 0 })];
    expect(termsOf(rules, TEE, 'con_a')).toEqual({ ratioScaled: 20_000, rounding: 'CEIL', maxOversellUnits: 5, maxOversellPercent: null, minPublish: 0 });
  });

  it('gives safety stock and thresholds by SKU, else category, else all, else 0 and 10', () => {
    expect(policyOf([], TEE)).toEqual({ safetyStock: 0, lowStockThreshold: 10, lowStockMargin: null, mainChannelOnlyBelow: null });
    const policies = [policy({ safetyStock: 1, lowStockThreshold: 20 }), policy({ category: 'apparel', safetyStock: 2 }), policy({ skuId: 'sku_mug', safetyStock: 3 })];
    expect(policyOf(policies, TEE)).toMatchObject({ safetyStock: 2, lowStockThreshold: 20 });
    expect(policyOf(policies, { skuId: 'sku_mug', category: null })).toMatchObject({ safetyStock: 3, lowStockThreshold: 20 });
  });
});

describe('a rule', () => {
  it.each([
    ['a ratio over 1 without a cap', { ratioScaled: 10_001 }, 'RATIO_NEEDS_CAP'],
    ['a negative ratio', { ratioScaled: -1 }, 'RATIO_INVALID'],
    ['a ratio over 100', { ratioScaled: 1_000_001 }, 'RATIO_INVALID'],
    ['a cap that would cut the stock', { maxOversellPercent: 20 }, 'CAP_INVALID'],
    ['a negative cap', { maxOversellUnits: -1 }, 'QUANTITY_INVALID'],
    ['half a unit', { minPublish: 0.5 }, 'QUANTITY_INVALID'],
    ['a SKU and a category at once', { category: 'apparel', skuId: 'sku_tee' }, 'SCOPE_INVALID'],
    ['an empty category', { category: ' ' }, 'SCOPE_INVALID'],
  ])('is refused for %s', (_, over, code) => {
    expect(faultOfRule(rule(over))?.code).toBe(code);
  });

  it('may say a ratio of 2 with either cap, and sums over all channels have no limit', () => {
    expect(faultOfRule(rule({ ratioScaled: 20_000, maxOversellUnits: 20 }))).toBeNull();
    expect(faultOfRule(rule({ ratioScaled: 20_000, maxOversellPercent: 200 }))).toBeNull();
    expect(faultOfPolicy(policy({ safetyStock: -1 }))?.code).toBe('QUANTITY_INVALID');
    expect(faultOfPolicy(policy({ category: 'a', skuId: 'b' }))?.code).toBe('SCOPE_INVALID');
    expect(faultOfPolicy(policy({ safetyStock: 3 }))).toBeNull();
  });
});

describe('a ratio', () => {
  it.each([['0.98', 9_800], ['1', 10_000], ['2.0', 20_000], ['0.0001', 1], ['1.5000', 15_000], ['0', 0], ['100', 1_000_000]])('%s is read exactly', (text, scaled) => {
    expect(scaledRatio(text)).toBe(scaled);
    expect(scaledRatio(ratioText(scaled))).toBe(scaled);
  });

  it.each(['-1', '', '1.', '.5', '0.00001', '1e3', '١'])('%s is not one', (text) => {
    expect(scaledRatio(text)).toBeNull();
  });
});

describe('all channels of a SKU', () => {
  const settings: AllocationSettings = {
    rules: [rule({ channelId: 'con_a', ratioScaled: 9_800 }), rule({ channelId: 'con_c', ratioScaled: 20_000, maxOversellPercent: 200 })],
    policies: [policy({ safetyStock: 2, mainChannelOnlyBelow: 5 })], channelIds: ['con_a', 'con_b', 'con_c'], mainChannelId: 'con_b',
  };

  it('are told 0.98, 1.0 and 2.0 of one pool: 400 % in all', () => {
    expect(channelQuantities({ ...TEE, available: 102 }, settings).map(({ quantity }) => quantity)).toEqual([98, 100, 200]);
    expect(channelQuantities({ ...TEE, available: 6 }, settings).map(({ quantity }) => quantity)).toEqual([0, 4, 0]);
  });

  it('show what a change would do without making it', () => {
    const changed = withChanges(settings, { rules: [rule({ channelId: 'con_a', ratioScaled: 5_000 })], policies: [policy({ safetyStock: 0 })] });
    expect(channelQuantities({ ...TEE, available: 102 }, changed).map(({ quantity }) => quantity)).toEqual([51, 102, 204]);
    expect(changed.rules).toHaveLength(2);
    expect(settings.policies[0]?.safetyStock).toBe(2);
  });

  const anyRule = fc.record({
    channelId: fc.constantFrom(null, 'con_a', 'con_b'), scope: fc.constantFrom([null, null], ['apparel', null], [null, 'sku_tee']),
    ratioScaled: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: null }), maxOversellUnits: fc.option(fc.nat({ max: 40 }), { nil: null }), maxOversellPercent: fc.option(fc.integer({ min: 100, max: 400 }), { nil: null }),
  }).map(({ scope: [category = null, skuId = null], ...said }) => rule({ ...said, category, skuId }));

  it('always meet a cap where their ratio is over 1, whatever rules were taken', () => {
    fc.assert(fc.property(fc.array(anyRule, { maxLength: 8 }), fc.nat({ max: 500 }), (rules, available) => {
      const terms = termsOf(rules.filter((each) => faultOfRule(each) === null), TEE, 'con_a');
      if (terms.ratioScaled > 10_000) expect(terms.maxOversellUnits ?? terms.maxOversellPercent).not.toBeNull();
      const quantity = publishQuantity({ available, safetyStock: 0, mainChannelOnlyBelow: null }, terms, true);
      expect(quantity).toBeLessThanOrEqual(Math.max(available + (terms.maxOversellUnits ?? 0), Math.floor((available * (terms.maxOversellPercent ?? 100)) / 100)));
    }), { numRuns: 1_000 });
  });
});
