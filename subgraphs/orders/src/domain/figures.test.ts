import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayIn } from './business-day.js';
import { addFigures, averageMinor, FIGURES, isOnTime, NO_FIGURES, rate, type Figures } from './figures.js';
import { parseSearch } from './order-search.js';
import { linesRefusal, quote } from './quote.js';
import { judgePayment } from './payment.js';

const figures = fc.record(Object.fromEntries(FIGURES.map((name) => [name, fc.integer({ min: 0, max: 2 ** 40 })]))) as fc.Arbitrary<Figures>;

describe('figures', () => {
  it('sum to the same in whatever order and grouping they are added', () => {
    fc.assert(fc.property(fc.array(figures, { maxLength: 20 }), fc.nat(20), (list, cut) => {
      const sum = (some: readonly Figures[]): Figures => some.reduce<Figures>((total, one) => addFigures(total, one), NO_FIGURES);
      expect(addFigures(sum(list.slice(cut)), sum(list.slice(0, cut)))).toEqual(sum([...list].reverse()));
    }));
  });
  it('have rates only where there is something to divide by', () => {
    expect([rate(1, 3), rate(0, 0), averageMinor({ ...NO_FIGURES, orders: 2, gmvMinor: 3 }), averageMinor(NO_FIGURES)]).toEqual([0.3333, null, 2, null]);
  });
  it('count 48 hours as on time, and not a millisecond more', () => {
    const at = new Date(0);
    expect([isOnTime(at, new Date(48 * 3_600_000)), isOnTime(at, new Date(48 * 3_600_000 + 1))]).toEqual([true, false]);
  });
  it("belong to the merchant's own day", () => {
    expect([dayIn('Asia/Shanghai', new Date('2026-11-20T16:30:00Z')), dayIn('America/New_York', new Date('2026-11-20T03:00:00Z'))]).toEqual(['2026-11-21', '2026-11-19']);
  });
});

describe('a search', () => {
  it('reads what people type', () => {
    expect(parseSearch('status:to_ship,shipped has:exception created_at:>=2026-01-01 created_at:<2026-02-01 hold:false #1002')).toEqual({
      kind: 'search',
      search: { statuses: ['TO_SHIP', 'SHIPPED'], hasException: true, placedFrom: new Date('2026-01-01'), placedBefore: new Date('2026-02-01'), onHold: false, text: '#1002' },
    });
  });
  it.each(['status:lost', 'colour:red', 'created_at:yesterday', 'created_at:>=2026-02-30', 'channel:con_1', 'sku:x', 'two words', 'constructor:x', 'hold:maybe', 'x'.repeat(501)])('refuses %s', (query) => {
    expect(parseSearch(query).kind).toBe('refused');
  });
  it('never throws, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (query) => { expect(['search', 'refused']).toContain(parseSearch(query).kind); }));
  });
});

describe('the sums of a quote', () => {
  const offers = fc.uniqueArray(fc.record({ skuId: fc.uuid(), unitPriceMinor: fc.integer({ min: 0, max: 10_000_000 }), quantity: fc.integer({ min: 1, max: 100_000 }), code: fc.constant('c'), title: fc.constant('t') }), { selector: ({ skuId }) => skuId, minLength: 1, maxLength: 500 });
  const rules = fc.record({ shippingMinor: fc.nat(100_000), freeShippingFromMinor: fc.option(fc.nat(10_000_000)) });
  const discounts = fc.array(fc.record({ kind: fc.constantFrom('COUPON' as const, 'POINTS' as const), reference: fc.constant('r'), amountMinor: fc.nat(2 ** 40) }), { maxLength: 5 });

  it('are exact, never below zero, and total = items - discount + shipping', () => {
    fc.assert(fc.property(offers, rules, discounts, (list, rule, off) => {
      const quoted = quote(list, list, rule, off);
      if (quoted.kind === 'refused') throw new Error(quoted.code);
      const items = list.reduce((sum, { unitPriceMinor, quantity }) => sum + BigInt(unitPriceMinor) * BigInt(quantity), 0n);
      expect(BigInt(quoted.itemsMinor)).toBe(items);
      expect(quoted.totalMinor).toBe(quoted.itemsMinor - quoted.discountMinor + quoted.shippingMinor);
      expect(quoted.discountMinor).toBeLessThanOrEqual(quoted.itemsMinor);
      expect(Number.isSafeInteger(quoted.totalMinor) && quoted.totalMinor >= 0).toBe(true);
    }));
  });
  it('never go below the floors, whatever is taken off, and take off all that they can', () => {
    const floored = offers.map((list) => list.map((one, place) => ({ ...one, floorMinor: place % 3 === 0 ? null : Math.floor(one.unitPriceMinor / (1 + (place % 4))) })));
    fc.assert(fc.property(floored, rules, discounts, (list, rule, off) => {
      const quoted = quote(list, list, rule, off);
      if (quoted.kind === 'refused') throw new Error(quoted.code);
      const least = list.reduce((sum, { floorMinor, quantity }) => sum + BigInt(floorMinor ?? 0) * BigInt(quantity), 0n);
      const goods = BigInt(quoted.itemsMinor - quoted.discountMinor);
      const wanted = off.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
      expect(goods >= least).toBe(true);
      expect(goods === least || BigInt(quoted.discountMinor) === wanted).toBe(true);
    }));
  });
  it('are refused where something would cost less than its floor', () => {
    const one = { skuId: 'a', code: 'c', title: 't', unitPriceMinor: 4999, floorMinor: 5000 };
    const rule = { shippingMinor: 0, freeShippingFromMinor: null };
    expect(quote([{ skuId: 'a', quantity: 1 }], [one], rule)).toMatchObject({ code: 'PRICE_BELOW_FLOOR', field: ['lines', '0', 'skuId'] });
    expect(quote([{ skuId: 'a', quantity: 2 }], [{ ...one, floorMinor: 4999 }], rule, [{ kind: 'COUPON', reference: 'r', amountMinor: 1 }])).toMatchObject({ discountMinor: 0, totalMinor: 9998 });
  });
  it('are refused where no number could hold them, and where something has no price', () => {
    const one = { skuId: 'a', code: 'c', title: 't', unitPriceMinor: Number.MAX_SAFE_INTEGER };
    expect(quote([{ skuId: 'a', quantity: 2 }], [one], { shippingMinor: 0, freeShippingFromMinor: null })).toMatchObject({ code: 'AMOUNT_TOO_LARGE' });
    expect(quote([{ skuId: 'a', quantity: 2 }], [{ ...one, unitPriceMinor: null }], { shippingMinor: 0, freeShippingFromMinor: null })).toMatchObject({ code: 'NO_PRICE' });
    expect(quote([{ skuId: 'b', quantity: 2 }], [one], { shippingMinor: 0, freeShippingFromMinor: null })).toMatchObject({ code: 'SKU_UNKNOWN', field: ['lines', '0', 'skuId'] });
  });
  it('are asked for only where lines can be ordered', () => {
    for (const quantity of [0, -1, 1.5, NaN, 2 ** 31, Infinity]) expect(linesRefusal([{ skuId: 'a', quantity }], 1_000_000)).toMatchObject({ code: 'QUANTITY_INVALID' });
    expect(linesRefusal([{ skuId: 'a', quantity: 1_000_000 }], 1_000_000)).toBeNull();
  });
});

describe('a payment', () => {
  const order = fc.record({ status: fc.constantFrom('RESERVING' as const, 'PENDING_PAYMENT' as const, 'TO_SHIP' as const, 'CANCELLED' as const), paidAt: fc.option(fc.constant(new Date())), totalMinor: fc.constantFrom(1, 100), dueMinor: fc.constantFrom(0, 1), currency: fc.constantFrom('CNY', 'JPY'), late: fc.boolean() });
  it('confirms only what is unpaid, alive, in time, and costs just that', () => {
    fc.assert(fc.property(order, fc.record({ amountMinor: fc.constantFrom(1, 100), currency: fc.constantFrom('CNY', 'JPY') }), (given, received) => {
      const pays = judgePayment(given, received).kind === 'pays';
      expect(pays).toBe(given.paidAt === null && given.status !== 'CANCELLED' && !given.late && received.amountMinor === given.totalMinor && received.currency === given.currency);
    }));
  });
});
