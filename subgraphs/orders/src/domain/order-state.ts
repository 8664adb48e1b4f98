// An order's status follows from facts: what the channel says of its end, whether its stock is held, whether it is paid and shipped.

export const PAYMENT_STATES = ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'EXPIRED'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** The main path in its order, then the end that leaves it. */
export const ORDER_STATUSES = ['RESERVING', 'PENDING_PAYMENT', 'TO_SHIP', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Why an order waits for a person. */
export const EXCEPTION_CODES = ['UNKNOWN_SKU', 'STOCK_SHORT', 'LINES_CHANGED', 'NO_LINES', 'BAD_QUANTITY', 'PAYMENT_DIFFERS', 'SHIPPED_EARLY', 'BAD_ADDRESS', 'PRICE_BELOW_FLOOR', 'SEND_SOON'] as const;
export type ExceptionCode = (typeof EXCEPTION_CODES)[number];
/** Whether it keeps the order from being sent; one only says that it should be. */
export const keepsBack = (code: ExceptionCode): boolean => code !== 'SEND_SOON';

/** What each status may become. CANCELLED and COMPLETED are final. */
export const MOVES = {
  RESERVING: ['PENDING_PAYMENT', 'TO_SHIP', 'CANCELLED'],
  PENDING_PAYMENT: ['TO_SHIP', 'CANCELLED'],
  TO_SHIP: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['COMPLETED'],
  COMPLETED: [],
  CANCELLED: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;

export const END_REASONS = ['CANCELLED_BY_CHANNEL', 'VOIDED', 'REFUNDED', 'PAYMENT_TIMEOUT', 'CANCELLED_BY_BUYER', 'CANCELLED_BY_STAFF', 'STOCK_SHORT', 'LATE_PAYMENT'] as const;
export type EndReason = (typeof END_REASONS)[number];

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
  /** All of it is on its way. */
  readonly shipped: boolean;
  readonly completed: boolean;
}

function meantBy({ stockState, paid, ended, shipped, completed }: Facts): OrderStatus {
  if (ended) return 'CANCELLED';
  if (stockState !== 'HELD') return 'RESERVING';
  if (!paid) return 'PENDING_PAYMENT';
  if (!shipped) return 'TO_SHIP';
  return completed ? 'COMPLETED' : 'SHIPPED';
}

const next = (status: OrderStatus): readonly OrderStatus[] => MOVES[status];
const rank = (status: OrderStatus): number => ORDER_STATUSES.indexOf(status);

/**
 * The status that the facts mean: as far along the main path as they say, each step one that the table allows. The
 * present one where there is no way: nothing ever goes back.
 */
export function nextStatus(facts: Facts): OrderStatus {
  const meant = meantBy(facts);
  let at = facts.status;
  while (at !== meant) {
    const step = next(at).includes(meant) ? meant : meant === 'CANCELLED' ? undefined : next(at).filter((one) => one !== 'CANCELLED' && rank(one) < rank(meant)).at(-1);
    if (step === undefined) return facts.status;
    at = step;
  }
  return at;
}

/** Stock was held and money was in, if only for a moment. */
export const isConfirmed = (status: OrderStatus): boolean => status === 'TO_SHIP' || status === 'SHIPPED' || status === 'COMPLETED';

export type MoveRefusal = 'ORDER_COMPLETED' | 'ORDER_CANCELLED' | 'ALREADY_SHIPPED' | 'NOT_PAID' | 'STOCK_NOT_HELD' | 'NOT_SHIPPED' | 'NO_WAY_BACK' | 'ALREADY_SO';

/** Why a status cannot become another; null where the table allows it. */
export function moveRefusal(from: OrderStatus, to: OrderStatus): MoveRefusal | null {
  if (next(from).includes(to)) return null;
  if (from === to) return 'ALREADY_SO';
  if (from === 'CANCELLED') return 'ORDER_CANCELLED';
  if (from === 'COMPLETED') return 'ORDER_COMPLETED';
  if (to === 'CANCELLED') return 'ALREADY_SHIPPED';
  if (rank(to) < rank(from)) return 'NO_WAY_BACK';
  return from === 'RESERVING' ? 'STOCK_NOT_HELD' : from === 'PENDING_PAYMENT' ? 'NOT_PAID' : 'NOT_SHIPPED';
}
