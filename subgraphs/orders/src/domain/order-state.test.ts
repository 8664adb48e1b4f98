import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isNews } from './is-news.js';
import { endReason, isConfirmed, moveRefusal, MOVES, nextStatus, ORDER_STATUSES, PAYMENT_STATES, type Facts, type MoveRefusal, type OrderStatus } from './order-state.js';

const facts = (over: Partial<Facts> = {}): Facts => ({ status: 'RESERVING', stockState: 'NONE', paid: false, ended: false, shipped: false, completed: false, ...over });

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
    [{ status: 'TO_SHIP', stockState: 'HELD', paid: true, shipped: true }, 'SHIPPED'],
    [{ status: 'SHIPPED', stockState: 'HELD', paid: true, shipped: true, completed: true }, 'COMPLETED'],
    [{ stockState: 'HELD', paid: true, shipped: true, completed: true }, 'COMPLETED'],
    [{ stockState: 'SHORT', paid: true, shipped: true }, 'RESERVING'],
    [{ status: 'COMPLETED', stockState: 'HELD', paid: true }, 'COMPLETED'],
    [{ status: 'SHIPPED', stockState: 'SHORT', paid: true }, 'SHIPPED'],
  ])('%j means %s', (over, status) => { expect(nextStatus(facts(over))).toBe(status); });

  const way = (from: OrderStatus, to: OrderStatus): boolean => from === to || (MOVES[from] as readonly OrderStatus[]).some((step) => step === to || (step !== 'CANCELLED' && way(step, to)));
  const any = fc.record({
    status: fc.constantFrom(...ORDER_STATUSES), stockState: fc.constantFrom('NONE', 'WANTED', 'HELD', 'SHORT'), paid: fc.boolean(), ended: fc.boolean(), shipped: fc.boolean(), completed: fc.boolean(),
  }) as fc.Arbitrary<Facts>;

  it('only ever moves along steps that the table allows', () => {
    fc.assert(fc.property(any, (given) => { expect(way(given.status, nextStatus(given))).toBe(true); }));
  });

  it('stays where it is when the same facts are told again', () => {
    fc.assert(fc.property(any, (given) => {
      const once = nextStatus(given);
      expect(nextStatus({ ...given, status: once })).toBe(once);
    }));
  });

  it('never ends, once it is shipped, and never leaves its end', () => {
    fc.assert(fc.property(any, (given) => {
      if (given.status === 'CANCELLED' || given.status === 'COMPLETED') expect(nextStatus(given)).toBe(given.status);
      if (given.status === 'SHIPPED') expect(['SHIPPED', 'COMPLETED']).toContain(nextStatus(given));
    }));
  });

  it('is confirmed from the moment that it is to ship', () => {
    expect(ORDER_STATUSES.filter(isConfirmed)).toEqual(['TO_SHIP', 'SHIPPED', 'COMPLETED']);
  });
});

describe('a move of an order', () => {
  const NO: Record<OrderStatus, Partial<Record<OrderStatus, MoveRefusal>>> = {
    RESERVING: { RESERVING: 'ALREADY_SO', SHIPPED: 'STOCK_NOT_HELD', COMPLETED: 'STOCK_NOT_HELD' },
    PENDING_PAYMENT: { RESERVING: 'NO_WAY_BACK', PENDING_PAYMENT: 'ALREADY_SO', SHIPPED: 'NOT_PAID', COMPLETED: 'NOT_PAID' },
    TO_SHIP: { RESERVING: 'NO_WAY_BACK', PENDING_PAYMENT: 'NO_WAY_BACK', TO_SHIP: 'ALREADY_SO', COMPLETED: 'NOT_SHIPPED' },
    SHIPPED: { RESERVING: 'NO_WAY_BACK', PENDING_PAYMENT: 'NO_WAY_BACK', TO_SHIP: 'NO_WAY_BACK', SHIPPED: 'ALREADY_SO', CANCELLED: 'ALREADY_SHIPPED' },
    COMPLETED: { RESERVING: 'ORDER_COMPLETED', PENDING_PAYMENT: 'ORDER_COMPLETED', TO_SHIP: 'ORDER_COMPLETED', SHIPPED: 'ORDER_COMPLETED', COMPLETED: 'ALREADY_SO', CANCELLED: 'ORDER_COMPLETED' },
    CANCELLED: { RESERVING: 'ORDER_CANCELLED', PENDING_PAYMENT: 'ORDER_CANCELLED', TO_SHIP: 'ORDER_CANCELLED', SHIPPED: 'ORDER_CANCELLED', COMPLETED: 'ORDER_CANCELLED', CANCELLED: 'ALREADY_SO' },
  };
  it.each(ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const)))('from %s to %s is allowed, or refused by its code', (from, to) => {
    expect(moveRefusal(from, to)).toBe(NO[from][to] ?? null);
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
