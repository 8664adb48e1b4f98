// What a person can do about an exception. Some are repaired, and go by themselves then; with some a person may agree as
// they are, saying why. Others only the channel can correct.
import type { ExceptionCode, OrderStatus } from './order-state.js';

export const EXCEPTION_ACTIONS = ['MAP_SKU', 'RETRY_RESERVATION', 'CHANGE_ADDRESS', 'ACCEPT'] as const;
export type ExceptionAction = (typeof EXCEPTION_ACTIONS)[number];
export const EXCEPTION_STATES = ['OPEN', 'WAITING', 'RESOLVED'] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];

const ACTIONS_OF = {
  UNKNOWN_SKU: ['MAP_SKU'],
  // To agree means to wait: stock is asked again by itself.
  STOCK_SHORT: ['RETRY_RESERVATION', 'ACCEPT'],
  BAD_ADDRESS: ['CHANGE_ADDRESS', 'ACCEPT'],
  PRICE_BELOW_FLOOR: ['ACCEPT'],
  // What was held is what is sent.
  LINES_CHANGED: ['ACCEPT'],
  SHIPPED_EARLY: ['ACCEPT'],
  // Seen to: it is told once.
  SEND_SOON: ['ACCEPT'],
  NO_LINES: [],
  BAD_QUANTITY: [],
  PAYMENT_DIFFERS: [],
} as const satisfies Record<ExceptionCode, readonly ExceptionAction[]>;

type Right = 'orders:write' | 'catalog:write';
/** Selling below the floor is agreed to by who may set prices. */
const SCOPE_TO_ACCEPT: Partial<Record<ExceptionCode, Right>> = { PRICE_BELOW_FLOOR: 'catalog:write' };

export interface ExceptionFacts { readonly code: ExceptionCode; readonly state: ExceptionState; readonly orderStatus: OrderStatus }
export type ExceptionRefusal = 'EXCEPTION_CLOSED' | 'EXCEPTION_NOT_ACCEPTABLE' | 'ACCEPTING_NOT_ALLOWED';

export const actionsOf = (code: ExceptionCode): readonly ExceptionAction[] => ACTIONS_OF[code];

/** Why a person cannot agree to it; null when they can. */
export function acceptRefusal({ code, state, orderStatus }: ExceptionFacts, may: (scope: Right) => boolean): ExceptionRefusal | null {
  if (!actionsOf(code).includes('ACCEPT')) return 'EXCEPTION_NOT_ACCEPTABLE';
  if (state !== 'OPEN') return 'EXCEPTION_CLOSED';
  // Goods that nobody holds cannot be agreed to; a parcel of an order that has ended can only be seen to.
  if (code === 'SHIPPED_EARLY' && orderStatus !== 'CANCELLED') return 'EXCEPTION_NOT_ACCEPTABLE';
  return may(SCOPE_TO_ACCEPT[code] ?? 'orders:write') ? null : 'ACCEPTING_NOT_ALLOWED';
}

/** Why this cannot be done about it now; null when it can. */
export const exceptionActionRefusal = (facts: ExceptionFacts, action: ExceptionAction, may: (scope: Right) => boolean): ExceptionRefusal | null =>
  (action === 'ACCEPT' ? acceptRefusal(facts, may) : facts.state === 'RESOLVED' ? 'EXCEPTION_CLOSED' : null);
