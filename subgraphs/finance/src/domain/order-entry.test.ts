import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reversed } from './line.js';
import { orderEntry, type OrderAmounts } from './order-entry.js';
import { pointsEntry } from './points-entry.js';

const amounts = (over: Partial<OrderAmounts>): OrderAmounts =>
  ({ currency: 'CNY', itemsMinor: 0, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor: 0, ...over });
const book = (over: Partial<OrderAmounts>): Record<string, number> => Object.fromEntries(orderEntry(amounts(over)).map((line) => [line.account, line.amountMinor]));

const minor = fc.integer({ min: -(2 ** 49), max: 2 ** 49 });
const anyAmounts = fc.record({
  currency: fc.constantFrom('CNY', 'JPY', 'KWD'), itemsMinor: minor, discountMinor: minor, shippingMinor: minor, taxMinor: minor, taxesIncluded: fc.boolean(), totalMinor: minor,
});

describe('orderEntry', () => {
  it('books receivable and discount against sales, freight and tax', () => {
    expect(book({ itemsMinor: 10_000, discountMinor: 1_000, shippingMinor: 500, taxMinor: 700, totalMinor: 10_200 })).toEqual({
      'channel-receivable': 10_200, 'sales-discount': 1_000, sales: -10_000, 'freight-income': -500, 'tax-payable': -700,
    });
  });

  it('takes tax that the prices hold out of sales', () => {
    expect(book({ itemsMinor: 10_600, taxMinor: 600, taxesIncluded: true, totalMinor: 10_600 })).toEqual({
      'channel-receivable': 10_600, sales: -10_000, 'tax-payable': -600,
    });
  });

  it.each([[150, -150], [-150, 150]])('shows what does not add up (%d more in the total)', (more, difference) => {
    expect(book({ itemsMinor: 1_000, totalMinor: 1_000 + more })).toEqual({ 'channel-receivable': 1_000 + more, sales: -1_000, 'channel-difference': difference });
  });

  it('books nothing for an order that costs nothing', () => {
    expect(orderEntry(amounts({ itemsMinor: 500, discountMinor: 500 }))).toEqual([]);
  });

  it('balances for any amounts, over two lines or more, none of them empty, no account twice', () => {
    fc.assert(fc.property(anyAmounts, (any) => {
      const lines = orderEntry(any);
      if (any.totalMinor === 0) return expect(lines).toEqual([]);
      expect(lines.reduce((sum, line) => sum + BigInt(line.amountMinor), 0n)).toBe(0n);
      expect(lines.length).toBeGreaterThanOrEqual(2);
      expect(lines.some((line) => line.amountMinor === 0)).toBe(false);
      expect(new Set(lines.map((line) => line.account)).size).toBe(lines.length);
    }));
  });

  it('refuses amounts that cannot be summed exactly, instead of rounding them', () => {
    expect(() => orderEntry(amounts({ totalMinor: Number.MAX_SAFE_INTEGER, itemsMinor: -Number.MAX_SAFE_INTEGER }))).toThrow(expect.objectContaining({ code: 'AMOUNT_OUT_OF_RANGE' }));
  });
});

describe('reversed', () => {
  it('undoes any entry, account by account', () => {
    fc.assert(fc.property(anyAmounts, (any) => {
      const lines = orderEntry(any);
      const back = reversed(lines);
      expect(back.map((line) => line.account)).toEqual(lines.map((line) => line.account));
      for (const [place, line] of lines.entries()) expect(line.amountMinor + back[place]!.amountMinor).toBe(0);
    }));
  });
});

describe('pointsEntry', () => {
  it('owes the member one minor unit a point', () => {
    expect(pointsEntry(1000)).toEqual([{ account: 'points-expense', amountMinor: 1000 }, { account: 'points-liability', amountMinor: -1000 }]);
  });
});
