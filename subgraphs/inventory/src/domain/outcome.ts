// What comes of an ask for stock, and of a deed to a reservation.
import type { Shortage } from './ask.js';

export type ReservationState = 'HELD' | 'CONFIRMED' | 'CONSUMED' | 'RELEASED' | 'EXPIRED';

export interface Held {
  readonly kind: 'held';
  readonly reservationId: string;
  readonly state: ReservationState;
  /** Null: it holds until somebody ends it. */
  readonly expiresAt: Date | null;
  /** The key was known: nothing new was held. */
  readonly replay: boolean;
  /** What could not be held, where part of an ask was enough. */
  readonly shortages: readonly Shortage[];
}

/** `retryable` ones may succeed with the same key; after STOCK_UNAVAILABLE the first try may have held it, and the repeat says so. */
export type AskRefusal = 'KEY_REUSED' | 'RESERVATION_EXPIRED' | 'RESERVATION_ENDED' | 'BUCKET_CLOSED' | 'MEMBER_LIMIT' | 'SOLD_OUT' | 'STOCK_BUSY' | 'STOCK_UNAVAILABLE';

export type AskOutcome = Held | { readonly kind: 'short'; readonly shortages: readonly Shortage[] } | { readonly kind: 'refused'; readonly code: AskRefusal };

export const DEEDS = ['CONFIRM', 'EXTEND', 'RELEASE', 'CONSUME', 'REFUSE'] as const;
export type Deed = (typeof DEEDS)[number];

export type DeedRefusal = 'RESERVATION_UNKNOWN' | 'RESERVATION_EXPIRED' | 'RESERVATION_ENDED' | 'ALREADY_SHIPPED' | 'TOO_MANY' | 'NOT_ON_HAND' | 'STOCK_BUSY' | 'STOCK_UNAVAILABLE';

export interface Settled {
  readonly kind: 'done';
  readonly reservationId: string;
  readonly state: ReservationState;
  readonly expiresAt: Date | null;
  /** It was so already. */
  readonly replay: boolean;
  /** Why it has ended, once it has. */
  readonly reason: string | null;
}

export type DeedOutcome = Settled | {
  readonly kind: 'refused';
  readonly code: DeedRefusal;
  /** Why the reservation has ended, where that is the reason. */
  readonly reason: string | null;
};
