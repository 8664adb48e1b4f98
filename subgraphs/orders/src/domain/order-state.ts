// An order's status follows from facts: what the channel says of its end, whether its stock is held, whether it is paid.

export const PAYMENT_STATES = ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'EXPIRED'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const ORDER_STATUSES = ['RESERVING', 'PENDING_PAYMENT', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Why an order waits for a person. */
export const EXCEPTION_CODES = ['UNKNOWN_SKU', 'STOCK_SHORT', 'LINES_CHANGED'] as const;
export type ExceptionCode = (typeof EXCEPTION_CODES)[number];

/** What each status may become. CANCELLED and COMPLETED are final. */
export const MOVES = {
  RESERVING: ['PENDING_PAYMENT', 'TO_SHIP', 'CANCELLED'],
  PENDING_PAYMENT: ['TO_SHIP', 'CANCELLED'],
  TO_SHIP: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['COMPLETED'],
  COMPLETED: [],
  CANCELLED: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;

export type EndReason = 'CANCELLED_BY_CHANNEL' | 'VOIDED' | 'REFUNDED';

/** Why a channel counts the order as ended, or null while it lives. */
export function endReason(facts: { readonly paymentState: PaymentState; readonly cancelledAt: string | Date | null }): EndReason | null {
  if (facts.cancelledAt !== null) return 'CANCELLED_BY_CHANNEL';
  if (facts.paymentState === 'VOIDED' || facts.paymentState === 'EXPIRED') return 'VOIDED';
  return facts.paymentState === 'REFUNDED' ? 'REFUNDED' : null;
}

/** Money is in: a part that was given back later does not undo the sale. */
export const isPaid = (state: PaymentState): boolean => state === 'PAID' || state === 'PARTIALLY_REFUNDED';

export interface Facts {
  readonly status: OrderStatus;
  readonly stockState: 'NONE' | 'WANTED' | 'HELD' | 'SHORT';
  /** Once paid, an order stays paid, whatever a later update says of its payment. */
  readonly paid: boolean;
  readonly ended: boolean;
}

/** The status that the facts mean; the present one where the move is not allowed. */
export function nextStatus({ status, stockState, paid, ended }: Facts): OrderStatus {
  const meant: OrderStatus = ended ? 'CANCELLED' : stockState !== 'HELD' ? 'RESERVING' : paid ? 'TO_SHIP' : 'PENDING_PAYMENT';
  return (MOVES[status] as readonly OrderStatus[]).includes(meant) ? meant : status;
}
