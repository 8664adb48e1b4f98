import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actionRefusal, ORDER_ACTIONS, type Actionable } from './order-actions.js';
import { ORDER_STATUSES } from './order-state.js';

const order = (over: Partial<Actionable> = {}): Actionable => ({ source: 'OWN', status: 'TO_SHIP', stockState: 'HELD', onHold: false, shipped: 'NONE', paidAt: new Date(), refundableMinor: 100, hasOpenException: false, dueMinor: 0, ...over });
const enabled = (over: Partial<Actionable>): string[] => ORDER_ACTIONS.filter((action) => actionRefusal(order(over), action) === null);

describe('what can be done with an order', () => {
  it.each<[string, Partial<Actionable>, string[]]>([
    ['waits for its goods', { status: 'RESERVING', stockState: 'SHORT', paidAt: null, refundableMinor: 0 }, ['CANCEL', 'HOLD', 'RETRY_RESERVATION', 'CHANGE_ADDRESS']],
    ['waits for money', { status: 'PENDING_PAYMENT', paidAt: null, refundableMinor: 0 }, ['START_PAYMENT', 'RECORD_PAYMENT', 'CANCEL', 'HOLD', 'EDIT', 'CHANGE_ADDRESS']],
    ['was paid late and waits for its goods', { status: 'PENDING_PAYMENT', stockState: 'WANTED' }, ['CANCEL', 'HOLD', 'CHANGE_ADDRESS']],
    ['is to ship', {}, ['CANCEL', 'HOLD', 'EDIT', 'CHANGE_ADDRESS', 'SHIP']],
    ['waits for a difference', { dueMinor: 1 }, ['START_PAYMENT', 'RECORD_PAYMENT', 'CANCEL', 'HOLD', 'EDIT', 'CHANGE_ADDRESS']],
    ["is a channel's", { source: 'CHANNEL' }, ['HOLD', 'CHANGE_ADDRESS', 'SHIP']],
    ['is on hold', { onHold: true }, ['CANCEL', 'RELEASE', 'EDIT', 'CHANGE_ADDRESS']],
    ['has an open exception', { hasOpenException: true }, ['CANCEL', 'HOLD', 'EDIT', 'CHANGE_ADDRESS']],
    ['is partly shipped', { shipped: 'PART' }, ['HOLD', 'SHIP', 'REQUEST_AFTER_SALE']],
    ['is shipped', { status: 'SHIPPED', shipped: 'ALL' }, ['COMPLETE', 'REQUEST_AFTER_SALE']],
    ['is completed', { status: 'COMPLETED', shipped: 'ALL' }, ['REQUEST_AFTER_SALE']],
    ['is refunded', { status: 'COMPLETED', shipped: 'ALL', refundableMinor: 0 }, []],
    ['is cancelled', { status: 'CANCELLED', refundableMinor: 0 }, []],
  ])('when it %s', (_, over, actions) => { expect(enabled(over)).toEqual(actions); });

  it('never ships what is not paid, held, or free to go', () => {
    fc.assert(fc.property(fc.constantFrom(...ORDER_STATUSES), fc.boolean(), fc.boolean(), (status, onHold, hasOpenException) => {
      const may = actionRefusal(order({ status, onHold, hasOpenException }), 'SHIP') === null;
      expect(may).toBe(status === 'TO_SHIP' && !onHold && !hasOpenException);
    }));
  });
});
