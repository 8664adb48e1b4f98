import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNews } from './is-news.js';
import { endReason, MOVES, nextStatus, ORDER_STATUSES, PAYMENT_STATES, type Facts, type OrderStatus } from './order-state.js';

const facts = (over: Partial<Facts> = {}): Facts => ({ status: 'RESERVING', stockState: 'NONE', paid: false, ended: false, ...over });

describe('the status of an order', () => {
  it.each<[Partial<Facts>, OrderStatus]>([
    [{}, 'RESERVING'],
    [{ paid: true }, 'RESERVING'],
    [{ paid: true, stockState: 'SHORT' }, 'RESERVING'],
    [{ stockState: 'HELD' }, 'PENDING_PAYMENT'],
    [{ stockState: 'HELD', paid: true }, 'TO_SHIP'],
    [{ status: 'PENDING_PAYMENT', stockState: 'HELD', paid: true }, 'TO_SHIP'],
    [{ status: 'PENDING_PAYMENT', stockState: 'HELD', ended: true }, 'CANCELLED'],
    [{ status: 'TO_SHIP', stockState: 'HELD', paid: true, ended: true }, 'CANCELLED'],
    [{ status: 'SHIPPED', stockState: 'HELD', paid: true, ended: true }, 'SHIPPED'],
    [{ status: 'CANCELLED', stockState: 'HELD', paid: true }, 'CANCELLED'],
  ])('%j means %s', (over, status) => { expect(nextStatus(facts(over))).toBe(status); });

  it('only ever moves as the table allows', () => {
    const any = fc.record({ status: fc.constantFrom(...ORDER_STATUSES), stockState: fc.constantFrom('NONE', 'WANTED', 'HELD', 'SHORT'), paid: fc.boolean(), ended: fc.boolean() });
    fc.assert(fc.property(any, (given) => {
      const next = nextStatus(given as Facts);
      expect(next === given.status || (MOVES[given.status] as readonly string[]).includes(next)).toBe(true);
    }));
  });
});

describe('the end of an order', () => {
  it('is a cancellation, a void payment or a full refund, and nothing else', () => {
    const ends = PAYMENT_STATES.map((paymentState) => [paymentState, endReason({ paymentState, cancelledAt: null })]);
    expect(Object.fromEntries(ends)).toEqual({ PENDING: null, AUTHORIZED: null, PARTIALLY_PAID: null, PAID: null, PARTIALLY_REFUNDED: null, REFUNDED: 'REFUNDED', VOIDED: 'VOIDED', EXPIRED: 'VOIDED' });
    expect(endReason({ paymentState: 'PAID', cancelledAt: '2026-01-01T00:00:00Z' })).toBe('CANCELLED_BY_CHANNEL');
  });
});

describe('news', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  it('is what is younger', () => {
    expect(isNews({ updatedAt: at(1), paymentState: 'PAID', cancelledAt: null }, { updatedAt: at(2), paymentState: 'PENDING', cancelledAt: null })).toBe(true);
    expect(isNews({ updatedAt: at(2), paymentState: 'PENDING', cancelledAt: null }, { updatedAt: at(1), paymentState: 'PAID', cancelledAt: null })).toBe(false);
  });
  it('is progress when both are of the same second, and never the same thing again', () => {
    const pending = { updatedAt: at(1), paymentState: 'PENDING', cancelledAt: null } as const;
    const paid = { ...pending, paymentState: 'PAID' } as const;
    expect([isNews(pending, paid), isNews(paid, pending), isNews(paid, paid)]).toEqual([true, false, false]);
    expect(isNews(paid, { ...pending, cancelledAt: at(1) })).toBe(true);
  });
});
