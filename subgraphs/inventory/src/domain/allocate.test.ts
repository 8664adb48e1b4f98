import { describe, expect, it } from '@jest/globals';
import { allocate, type Level } from './allocate.js';

const level = (id: string, onHand: number, reserved = 0, skuId = 'sku_a'): Level => ({ id, skuId, onHand, reserved });

describe('allocate', () => {
  it('takes from the fullest location first, and from several when one is not enough', () => {
    expect(allocate([level('near', 2), level('far', 5, 1)], [{ skuId: 'sku_a', quantity: 5 }])).toEqual({
      kind: 'reserved',
      allocations: [{ levelId: 'far', skuId: 'sku_a', quantity: 4 }, { levelId: 'near', skuId: 'sku_a', quantity: 1 }],
    });
  });

  it('sums two lines of one SKU before it judges', () => {
    expect(allocate([level('a', 3)], [{ skuId: 'sku_a', quantity: 2 }, { skuId: 'sku_a', quantity: 2 }])).toEqual({
      kind: 'short', shortages: [{ skuId: 'sku_a', asked: 4, available: 3 }],
    });
  });

  it('holds all lines or none', () => {
    const decision = allocate([level('a', 9), level('b', 0, 0, 'sku_b')], [{ skuId: 'sku_a', quantity: 1 }, { skuId: 'sku_b', quantity: 1 }]);
    expect(decision).toEqual({ kind: 'short', shortages: [{ skuId: 'sku_b', asked: 1, available: 0 }] });
  });

  it('calls a SKU without any level short', () => {
    expect(allocate([], [{ skuId: 'sku_a', quantity: 1 }])).toEqual({ kind: 'short', shortages: [{ skuId: 'sku_a', asked: 1, available: 0 }] });
  });
});
