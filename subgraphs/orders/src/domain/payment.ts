// What becomes of a payment that its platform calls paid: an order is confirmed by one payment, in full, in time. All other money goes back.
import type { OrderStatus } from './order-state.js';

export const PROVIDERS = ['WECHAT_PAY', 'ALIPAY', 'STRIPE', 'UNIONPAY', 'BY_HAND'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const PAYMENT_STEPS = ['STARTING', 'STARTED', 'PAID', 'CLOSING', 'CLOSED'] as const;
export type PaymentStep = (typeof PAYMENT_STEPS)[number];

export const REFUND_STATES = ['TO_APPROVE', 'DUE', 'DONE', 'FAILED'] as const;
export type RefundState = (typeof REFUND_STATES)[number];
export const REFUND_REASONS = ['LATE_PAYMENT', 'PAID_TWICE', 'ORDER_CANCELLED', 'AFTER_SALE', 'ORDER_EDITED'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export interface Received { readonly amountMinor: number; readonly currency: string }
export interface Payable {
  readonly status: OrderStatus;
  readonly paidAt: Date | null | undefined;
  readonly totalMinor: number;
  /** Of a paid order that was edited since: what is missing. */
  readonly dueMinor: number;
  readonly currency: string;
  /** The hold of its stock has ended, by the database's clock. */
  readonly late: boolean;
}

export type PaymentVerdict =
  | { readonly kind: 'pays' }
  /** It pays what an edit has made the order cost more. */
  | { readonly kind: 'difference' }
  /** Its stock is asked for again: it pays if that is still there. */
  | { readonly kind: 'late' }
  /** A person decides: what came is not what was asked for. */
  | { readonly kind: 'differs' }
  | { readonly kind: 'refund'; readonly reason: 'LATE_PAYMENT' | 'PAID_TWICE' };

export function judgePayment(order: Payable, received: Received): PaymentVerdict {
  if (order.paidAt && order.status === 'TO_SHIP' && order.dueMinor > 0 && received.amountMinor === order.dueMinor && received.currency === order.currency) return { kind: 'difference' };
  if (order.paidAt) return { kind: 'refund', reason: 'PAID_TWICE' };
  if (order.status === 'CANCELLED') return { kind: 'refund', reason: 'LATE_PAYMENT' };
  if (received.amountMinor !== order.totalMinor || received.currency !== order.currency) return { kind: 'differs' };
  return order.late ? { kind: 'late' } : { kind: 'pays' };
}
