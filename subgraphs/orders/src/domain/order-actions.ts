// What can be done with an order now, and why not: a user interface never guesses, and a command refuses with the same words.
import { moveRefusal, type MoveRefusal, type OrderStatus } from './order-state.js';

export const ORDER_ACTIONS = ['START_PAYMENT', 'RECORD_PAYMENT', 'CANCEL', 'HOLD', 'RELEASE', 'RETRY_RESERVATION', 'EDIT', 'CHANGE_ADDRESS', 'SHIP', 'COMPLETE', 'REQUEST_AFTER_SALE'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

export interface Actionable {
  readonly source: 'CHANNEL' | 'OWN';
  readonly status: OrderStatus;
  readonly stockState: 'NONE' | 'WANTED' | 'HELD' | 'SHORT';
  readonly onHold: boolean;
  readonly shipped: 'NONE' | 'PART' | 'ALL';
  readonly paidAt: Date | null | undefined;
  /** What is left of what was paid. */
  readonly refundableMinor: number;
  readonly hasOpenException: boolean;
  /** What an edit has made it cost more, and is not paid yet. */
  readonly dueMinor: number;
}

export type ActionRefusal = MoveRefusal | 'CHANNEL_DECIDES' | 'ON_HOLD' | 'NOT_ON_HOLD' | 'EXCEPTION_OPEN' | 'ALREADY_PAID' | 'NOT_SHORT' | 'NOTHING_TO_REFUND' | 'DIFFERENCE_DUE';

const ended = ({ status }: Actionable): ActionRefusal | null => (status === 'CANCELLED' ? 'ORDER_CANCELLED' : status === 'COMPLETED' ? 'ORDER_COMPLETED' : null);

const waitsForMoney = (order: Actionable): ActionRefusal | null => {
  if (order.source === 'CHANNEL') return 'CHANNEL_DECIDES';
  if (order.paidAt) return order.dueMinor > 0 && order.status === 'TO_SHIP' ? null : 'ALREADY_PAID';
  return ended(order) ?? (order.status === 'RESERVING' ? 'STOCK_NOT_HELD' : null);
};

const RULES: Readonly<Record<OrderAction, (order: Actionable) => ActionRefusal | null>> = {
  START_PAYMENT: waitsForMoney,
  RECORD_PAYMENT: waitsForMoney,
  CANCEL: (order) => (order.source === 'CHANNEL' ? 'CHANNEL_DECIDES' : ended(order) ?? (order.shipped !== 'NONE' ? 'ALREADY_SHIPPED' : moveRefusal(order.status, 'CANCELLED'))),
  HOLD: (order) => ended(order) ?? (order.status === 'SHIPPED' ? 'ALREADY_SHIPPED' : order.onHold ? 'ON_HOLD' : null),
  RELEASE: (order) => (order.onHold ? null : 'NOT_ON_HOLD'),
  RETRY_RESERVATION: (order) => (order.stockState === 'SHORT' && order.status !== 'CANCELLED' ? null : 'NOT_SHORT'),
  EDIT: (order) => (order.source === 'CHANNEL' ? 'CHANNEL_DECIDES' : ended(order) ?? (order.shipped !== 'NONE' ? 'ALREADY_SHIPPED' : order.status === 'TO_SHIP' || order.status === 'PENDING_PAYMENT' && !order.paidAt ? null : 'STOCK_NOT_HELD')),
  CHANGE_ADDRESS: (order) => ended(order) ?? (order.shipped !== 'NONE' ? 'ALREADY_SHIPPED' : null),
  SHIP: (order) => (order.status === 'TO_SHIP' ? (order.onHold ? 'ON_HOLD' : order.hasOpenException ? 'EXCEPTION_OPEN' : order.dueMinor > 0 ? 'DIFFERENCE_DUE' : null) : moveRefusal(order.status, 'SHIPPED')),
  COMPLETE: (order) => moveRefusal(order.status, 'COMPLETED'),
  // Before anything is sent, giving the order up is the way.
  REQUEST_AFTER_SALE: (order) => (!order.paidAt ? 'NOT_PAID' : order.status === 'CANCELLED' ? 'ORDER_CANCELLED' : order.shipped === 'NONE' ? 'NOT_SHIPPED' : order.refundableMinor > 0 ? null : 'NOTHING_TO_REFUND'),
};

/** Why an order cannot be treated so; null when it can. */
export const actionRefusal = (order: Actionable, action: OrderAction): ActionRefusal | null => RULES[action](order);
