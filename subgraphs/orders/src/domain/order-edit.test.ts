import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHolds, ownUnits, planEdit, type EditableLine, type EditableOrder } from './order-edit.js';

const mug: EditableLine = { id: 'lin_mug', skuId: 'mug', quantity: 2, unitPriceMinor: 5900 };
const tea: EditableLine = { id: 'lin_tea', skuId: 'tea', quantity: 1, unitPriceMinor: 8800 };
const order: EditableOrder = { itemsMinor: 20_600, discountMinor: 0, totalMinor: 21_600, dueMinor: 0, refundedMinor: 0 };
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

describe('holds of an edited order', () => {
  it('give units in turn, each only as far as it has some left', () => {
    const holds = [{ key: 'oed_1', skuId: 'mug', quantity: 3, shipped: 1 }, { key: 'oed_2', skuId: 'mug', quantity: 1, shipped: 0 }];
    const own = ownUnits([{ skuId: 'mug', quantity: 6, shippedQuantity: 1 }], holds);
    expect(own).toEqual(new Map([['mug', 2]]));
    expect(fromHolds('ord_1', own, holds, new Map([['mug', 4]]), true)).toEqual([{ key: 'ord_1', skuId: 'mug', quantity: 2 }, { key: 'oed_1', skuId: 'mug', quantity: 2 }]);
    expect(fromHolds('ord_1', own, holds, new Map([['mug', 4]]), false)).toEqual([{ key: 'oed_1', skuId: 'mug', quantity: 2 }, { key: 'oed_2', skuId: 'mug', quantity: 1 }, { key: 'ord_1', skuId: 'mug', quantity: 1 }]);
  });
});
