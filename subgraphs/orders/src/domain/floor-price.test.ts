import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesBelowFloor, type Floor, type SoldLine } from './floor-price.js';

const line = (over: Partial<SoldLine> = {}): SoldLine => ({ externalSku: 'MUG', skuId: 'mug', quantity: 1, unitPriceMinor: 5000, discountMinor: 0, ...over });
const sale = { connectionId: 'con_a', currency: 'CNY', discountMinor: 0 };
const general: Floor = { connectionId: null, currency: 'CNY', amountMinor: 5000 };
const below = (lines: readonly SoldLine[], floors: readonly Floor[] = [general], discountMinor = 0) => linesBelowFloor({ ...sale, discountMinor }, lines, () => floors);

describe('a line is below its floor', () => {
  it.each<[string, SoldLine[], Floor[], number, string[]]>([
    ['at it: not', [line()], [general], 0, []],
    ['a fen below', [line({ unitPriceMinor: 4999 })], [general], 0, ['MUG x 1: 49.99 < 50.00 CNY']],
    ['by its own discount', [line({ quantity: 2, discountMinor: 1 })], [general], 0, ['MUG x 2: 99.99 < 100.00 CNY']],
    ['by its share of the order\'s discount', [line(), line({ externalSku: 'CUP', skuId: 'cup', unitPriceMinor: 15_000 })], [general], 400, ['MUG x 1: 49.00 < 50.00 CNY']],
    ['what the channel has shared out is not taken twice', [line({ unitPriceMinor: 6000, discountMinor: 1000 })], [general], 1000, []],
    ['of its channel, which goes before the general one', [line()], [general, { ...general, connectionId: 'con_a', amountMinor: 5500 }], 0, ['MUG x 1: 50.00 < 55.00 CNY']],
    ['a lower one of its channel', [line({ unitPriceMinor: 4500 })], [general, { ...general, connectionId: 'con_a', amountMinor: 4000 }], 0, []],
    ['of another channel: not', [line()], [{ ...general, connectionId: 'con_b', amountMinor: 9000 }], 0, []],
    ['of another currency: not', [line({ unitPriceMinor: 1 })], [{ ...general, currency: 'USD' }], 0, []],
    ['of goods that nobody knows: not', [line({ skuId: null, unitPriceMinor: 1 })], [general], 0, []],
    ['given away', [line({ unitPriceMinor: 0 })], [general], 0, ['MUG x 1: 0.00 < 50.00 CNY']],
  ])('%s', (_what, lines, floors, discount, expected) => expect(below(lines, floors, discount)).toEqual(expected));

  it.each([['JPY', 'MUG x 1: 4999 < 5000 JPY'], ['KWD', 'MUG x 1: 4.999 < 5.000 KWD']])('in %s', (currency, told) =>
    expect(linesBelowFloor({ ...sale, currency }, [line({ unitPriceMinor: 4999 })], () => [{ ...general, currency }])).toEqual([told]));

  it('never with a floor of nothing, and always once the whole is under the sum of floors', () => {
    const lines = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 1000 }), unitPriceMinor: fc.integer({ min: 0, max: 1_000_000 }) }).map((over) => line(over)), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(lines, fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }), (sold, discount, floor) => {
      expect(below(sold, [{ ...general, amountMinor: 0 }], discount)).toEqual([]);
      const paid = Math.max(0, sold.reduce((sum, each) => sum + each.quantity * each.unitPriceMinor, 0) - discount);
      const least = sold.reduce((sum, { quantity }) => sum + quantity * floor, 0);
      if (paid < least) expect(below(sold, [{ ...general, amountMinor: floor }], discount)).not.toEqual([]);
    }));
  });
});
