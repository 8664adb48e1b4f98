import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptiesOwnHold, fromHolds, ownUnits, planEdit, planUnpaidEdit, type EditableLine, type EditableOrder } from './order-edit.js';

const mug: EditableLine = { id: 'lin_mug', skuId: 'mug', quantity: 2, unitPriceMinor: 5900 };
const tea: EditableLine = { id: 'lin_tea', skuId: 'tea', quantity: 1, unitPriceMinor: 8800 };
const order: EditableOrder = { itemsMinor: 20_600, discountMinor: 0, shippingMinor: 1000, totalMinor: 21_600, dueMinor: 0, refundedMinor: 0 };
const pot = { skuId: 'pot', code: 'POT', title: 'Pot', unitPriceMinor: 12_000 };
const plan = (changes: { lineId: string; quantity: number }[], add: { skuId: string; quantity: number }[] = [], over: Partial<EditableOrder> = {}) => planEdit({ ...order, ...over }, [mug, tea], changes, add, [pot, { ...pot, skuId: 'free', unitPriceMinor: null }]);

describe('an edit', () => {
  it('keeps the price that a line was sold at, and takes today\'s for goods that are new', () => {
    expect(plan([{ lineId: 'lin_mug', quantity: 3 }], [{ skuId: 'pot', quantity: 1 }])).toMatchObject({
      kind: 'edit', itemsMinor: 38_500, totalMinor: 39_500, differenceMinor: 17_900, dueMinor: 17_900, refundMinor: 0, more: new Map([['mug', 1], ['pot', 1]]), fewer: new Map(),
    });
  });

  it('swaps goods for the difference alone, and what an earlier edit left unpaid counts', () => {
    expect(plan([{ lineId: 'lin_tea', quantity: 0 }], [{ skuId: 'pot', quantity: 1 }])).toMatchObject({ differenceMinor: 3200, dueMinor: 3200, refundMinor: 0, fewer: new Map([['tea', 1]]) });
    expect(plan([{ lineId: 'lin_tea', quantity: 0 }], [], { dueMinor: 5000 })).toMatchObject({ differenceMinor: -8800, dueMinor: 0, refundMinor: 3800 });
    expect(plan([{ lineId: 'lin_tea', quantity: 0 }], [], { dueMinor: 9000 })).toMatchObject({ dueMinor: 200, refundMinor: 0 });
  });

  it.each<[string, { lineId: string; quantity: number }[], { skuId: string; quantity: number }[], Partial<EditableOrder>]>([
    ['LINE_NOT_FOUND', [{ lineId: 'lin_x', quantity: 1 }], [], {}],
    ['QUANTITY_INVALID', [{ lineId: 'lin_mug', quantity: -1 }], [], {}],
    ['QUANTITY_INVALID', [{ lineId: 'lin_mug', quantity: 2 ** 31 }], [], {}],
    ['QUANTITY_INVALID', [], [{ skuId: 'pot', quantity: 0 }], {}],
    ['LINES_INVALID', [{ lineId: 'lin_mug', quantity: 1 }, { lineId: 'lin_mug', quantity: 3 }], [], {}],
    ['LINES_INVALID', [], [{ skuId: 'mug', quantity: 1 }], {}],
    ['LINES_INVALID', [{ lineId: 'lin_mug', quantity: 0 }, { lineId: 'lin_tea', quantity: 0 }], [], {}],
    ['SKU_UNKNOWN', [], [{ skuId: 'nothing', quantity: 1 }], {}],
    ['NO_PRICE', [], [{ skuId: 'free', quantity: 1 }], {}],
    ['NOTHING_CHANGES', [{ lineId: 'lin_mug', quantity: 2 }], [], {}],
    ['MORE_THAN_PAID', [{ lineId: 'lin_tea', quantity: 0 }], [], { refundedMinor: 20_000 }],
  ])('is refused with %s', (code, changes, add, over) => { expect(plan(changes, add, over)).toMatchObject({ kind: 'refused', code }); });

  it('sells nothing more below its floor; what was sold stays', () => {
    const floors = (mugMinor: number, potMinor: number) => [{ ...pot, skuId: 'mug', floorMinor: mugMinor }, { ...pot, floorMinor: potMinor }];
    const edit = (changes: { lineId: string; quantity: number }[], add: { skuId: string; quantity: number }[], offers: ReturnType<typeof floors>) => planEdit(order, [mug, tea], changes, add, offers);
    expect(edit([], [{ skuId: 'pot', quantity: 1 }], floors(0, 12_001))).toEqual({ kind: 'refused', code: 'PRICE_BELOW_FLOOR', field: ['add', '0', 'skuId'] });
    expect(edit([{ lineId: 'lin_tea', quantity: 2 }, { lineId: 'lin_mug', quantity: 3 }], [], floors(5901, 0))).toEqual({ kind: 'refused', code: 'PRICE_BELOW_FLOOR', field: ['lines', '1', 'quantity'] });
    expect(edit([{ lineId: 'lin_mug', quantity: 1 }], [{ skuId: 'pot', quantity: 1 }], floors(5901, 12_000))).toMatchObject({ kind: 'edit', differenceMinor: 6100 });
  });

  it('takes off no more than the floors of what is left allow, or what was taken off below them before', () => {
    const floors = (teaMinor: number) => [{ ...pot, skuId: 'mug', floorMinor: 5000 }, { ...pot, skuId: 'tea', floorMinor: teaMinor }];
    const sold = { itemsMinor: 20_600, discountMinor: 4000, totalMinor: 17_600 };
    const withoutTea = (teaMinor: number) => planEdit({ ...order, ...sold }, [mug, tea], [{ lineId: 'lin_tea', quantity: 0 }], [], floors(teaMinor));
    expect(withoutTea(6000)).toMatchObject({ itemsMinor: 11_800, discountMinor: 1800, differenceMinor: -6600 });
    // It stood 2200 below its floors: no further.
    expect(withoutTea(8800)).toMatchObject({ discountMinor: 4000, differenceMinor: -8800 });
    const minor = fc.nat(9000);
    fc.assert(fc.property(minor, minor, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.nat(20_600), (mugFloor, teaFloor, mugs, teas, discountMinor) => {
      const edit = planEdit({ ...order, discountMinor, totalMinor: 21_600 - discountMinor }, [mug, tea], [{ lineId: 'lin_mug', quantity: mugs }, { lineId: 'lin_tea', quantity: teas }], [], [{ ...pot, skuId: 'mug', floorMinor: mugFloor }, { ...pot, skuId: 'tea', floorMinor: teaFloor }]);
      const below = (mugUnits: number, teaUnits: number, offMinor: number): number => Math.max(0, offMinor - Math.max(0, 5900 - mugFloor) * mugUnits - Math.max(0, 8800 - teaFloor) * teaUnits);
      if (edit.kind === 'edit') expect(below(mugs, teas, edit.discountMinor)).toBeLessThanOrEqual(below(2, 1, discountMinor));
    }));
  });

  it('always has the sums of its lines, and is paid or paid back to the last unit of money', () => {
    const quantity = fc.integer({ min: 0, max: 20 });
    fc.assert(fc.property(quantity, quantity, fc.integer({ min: 1, max: 5 }), fc.nat(5000), (mugs, teas, pots, dueMinor) => {
      const edit = plan([{ lineId: 'lin_mug', quantity: mugs }, { lineId: 'lin_tea', quantity: teas }], [{ skuId: 'pot', quantity: pots }], { dueMinor });
      if (edit.kind === 'refused') throw new Error(edit.code);
      expect(edit.itemsMinor).toBe(mugs * 5900 + teas * 8800 + pots * 12_000);
      expect(edit.totalMinor).toBe(edit.itemsMinor + 1000);
      // What was paid, with what is to be paid and without what goes back, is what it costs.
      expect(order.totalMinor - dueMinor + edit.dueMinor - edit.refundMinor).toBe(edit.totalMinor);
      expect(Math.min(edit.dueMinor, edit.refundMinor)).toBe(0);
    }));
  });
});

describe('an edit of an order that is not paid', () => {
  const rule = { shippingMinor: 1000, freeShippingFromMinor: 30_000 };
  // The mug has come to cost more since it was placed.
  const offers = [{ ...pot, skuId: 'mug', unitPriceMinor: 6000 }, { ...pot, skuId: 'tea', unitPriceMinor: 8800 }, pot, { ...pot, skuId: 'free', unitPriceMinor: null }];
  const unpaid = (changes: { lineId: string; quantity: number }[], add: { skuId: string; quantity: number }[] = []) => planUnpaidEdit(order, [mug, tea], changes, add, offers, rule);

  it('is quoted as it would be placed now, shipping too; nothing is due and nothing goes back', () => {
    expect(unpaid([{ lineId: 'lin_mug', quantity: 1 }])).toMatchObject({
      itemsMinor: 14_800, shippingMinor: 1000, totalMinor: 15_800, differenceMinor: -5800, dueMinor: 0, refundMinor: 0, fewer: new Map([['mug', 1]]), repriced: new Map([['lin_mug', 6000], ['lin_tea', 8800]]),
    });
    expect(unpaid([], [{ skuId: 'pot', quantity: 1 }])).toMatchObject({ itemsMinor: 32_800, shippingMinor: 0, totalMinor: 32_800, more: new Map([['pot', 1]]), added: [{ skuId: 'pot', quantity: 1, unitPriceMinor: 12_000 }] });
  });

  it.each<[string, string[], { lineId: string; quantity: number }[], { skuId: string; quantity: number }[]]>([
    ['QUANTITY_INVALID', ['lines', '0', 'quantity'], [{ lineId: 'lin_mug', quantity: 2 ** 31 }], []],
    ['NO_PRICE', ['add', '0', 'skuId'], [], [{ skuId: 'free', quantity: 1 }]],
    ['SKU_UNKNOWN', ['add', '0', 'skuId'], [{ lineId: 'lin_tea', quantity: 0 }], [{ skuId: 'nothing', quantity: 1 }]],
    ['NOTHING_CHANGES', ['lines'], [{ lineId: 'lin_mug', quantity: 2 }], []],
    ['LINES_INVALID', ['lines'], [{ lineId: 'lin_mug', quantity: 0 }, { lineId: 'lin_tea', quantity: 0 }], []],
  ])('is refused with %s at %j', (code, field, changes, add) => { expect(unpaid(changes, add)).toEqual({ kind: 'refused', code, field }); });

  it('leaves its own hold a unit', () => {
    const own = new Map([['mug', 2], ['tea', 1]]);
    const emptied = (mugs: number, teas: number, more: { key: string; skuId: string; quantity: number; shipped: number }[] = []) => emptiesOwnHold('ord_1', own, fromHolds('ord_1', own, more, new Map([['mug', mugs], ['tea', teas]]), false));
    expect([emptied(2, 0), emptied(1, 1), emptied(2, 1)]).toEqual([false, false, true]);
    // What edits hold goes first.
    expect(emptied(2, 1, [{ key: 'oed_1', skuId: 'mug', quantity: 1, shipped: 0 }])).toBe(false);
  });
});

describe('holds of an edited order', () => {
  it('give units in turn, each only as far as it has some left', () => {
    const holds = [{ key: 'oed_1', skuId: 'mug', quantity: 3, shipped: 1 }, { key: 'oed_2', skuId: 'mug', quantity: 1, shipped: 0 }];
    const own = ownUnits([{ skuId: 'mug', quantity: 6, shippedQuantity: 1 }], holds);
    expect(own).toEqual(new Map([['mug', 2]]));
    expect(fromHolds('ord_1', own, holds, new Map([['mug', 4]]), true)).toEqual([{ key: 'ord_1', skuId: 'mug', quantity: 2 }, { key: 'oed_1', skuId: 'mug', quantity: 2 }]);
    expect(fromHolds('ord_1', own, holds, new Map([['mug', 4]]), false)).toEqual([{ key: 'oed_1', skuId: 'mug', quantity: 2 }, { key: 'oed_2', skuId: 'mug', quantity: 1 }, { key: 'ord_1', skuId: 'mug', quantity: 1 }]);
  });
});
