import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countMeant, followOutside } from './follow-outside.js';

describe('following an outside count', () => {
  it('takes it over where nothing but shipments has changed ours', () => {
    expect(followOutside(100, 100, 97)).toEqual({ kind: 'set', onHand: 97 });
    expect(followOutside(98, 98, 148)).toEqual({ kind: 'set', onHand: 148 });
    expect(followOutside(0, null, 40)).toEqual({ kind: 'set', onHand: 40 });
  });

  it('has nothing to do where both agree, however they came to it', () => {
    expect(followOutside(97, 100, 97)).toEqual({ kind: 'agrees' });
    expect(followOutside(97, null, 97)).toEqual({ kind: 'agrees' });
  });

  it('lists what somebody has changed here, and a first figure that differs from what was counted before', () => {
    expect(followOutside(95, 100, 97)).toEqual({ kind: 'drift', difference: -2 });
    expect(followOutside(50, null, 48)).toEqual({ kind: 'drift', difference: 2 });
  });
});

describe('the count that a figure means', () => {
  it('leaves out what we have shipped and they have not', () => {
    expect(countMeant('ON_HAND', 100, { shippedUnseen: 2, heldSeen: 5 })).toBe(98);
    expect(countMeant('ON_HAND', 1, { shippedUnseen: 2, heldSeen: 0 })).toBe(0);
  });

  it('puts back the holds that an available figure has left out already', () => {
    expect(countMeant('AVAILABLE', 90, { shippedUnseen: 0, heldSeen: 10 })).toBe(100);
  });

  /** A warehouse outside: an order of ours is held here, then known there, then shipped here, then shipped there. */
  const order = fc.record({ quantity: fc.integer({ min: 1, max: 20 }), step: fc.constantFrom('HELD', 'SEEN', 'SHIPPED_UNSEEN', 'SHIPPED', 'SHIPPED_BOTH') });

  it('never subtracts an order twice nor forgets one, at whatever step each is', () => {
    fc.assert(fc.property(fc.integer({ min: 400, max: 1_000 }), fc.array(order, { maxLength: 12 }), (start, orders) => {
      const sum = (...steps: string[]): number => orders.filter(({ step }) => steps.includes(step)).reduce((total, { quantity }) => total + quantity, 0);
      const allOrders = sum('HELD', 'SEEN', 'SHIPPED_UNSEEN', 'SHIPPED', 'SHIPPED_BOTH');
      const heldHere = sum('HELD', 'SEEN');
      // Their stock falls when they ship; what they can sell falls when they know of the order.
      const theirOnHand = start - sum('SHIPPED_BOTH');
      const theirAvailable = start - sum('SEEN', 'SHIPPED', 'SHIPPED_BOTH');
      const byCount = countMeant('ON_HAND', theirOnHand, { shippedUnseen: sum('SHIPPED_UNSEEN', 'SHIPPED'), heldSeen: 0 });
      const byAvailable = countMeant('AVAILABLE', theirAvailable, { shippedUnseen: sum('SHIPPED_UNSEEN'), heldSeen: sum('SEEN') });
      expect(byCount - heldHere).toBe(start - allOrders);
      expect(byAvailable - heldHere).toBe(start - allOrders);
    }));
  });
});
