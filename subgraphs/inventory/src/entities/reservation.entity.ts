import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const RESERVATION_STATES = ['HELD', 'CONFIRMED', 'CONSUMED', 'RELEASED', 'EXPIRED'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

/** Read only: reservations change by the engine's functions. A HELD one past `expiresAt` has ended, whether or not somebody has written it. */
export const Reservation = defineEntity({
  name: 'Reservation',
  tableName: 'reservation',
  // Written by SQL alone.
  readonly: true,
  properties: {
    id: p.string().primary().$type<Id<'rsv'>>(),
    tenantId: p.string(),
    /** What it is held for: an order's id, or a key of the caller's. */
    key: p.string(),
    state: p.enum(RESERVATION_STATES),
    bucket: p.string(),
    memberId: p.string().nullable(),
    expiresAt: p.datetime().nullable(),
    extended: p.boolean(),
    version: p.integer(),
    createdAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});
export type ReservationRow = InferEntity<typeof Reservation>;

export const ReservationLine = defineEntity({
  name: 'ReservationLine',
  tableName: 'reservation_line',
  properties: {
    reservationId: p.string().primary().$type<Id<'rsv'>>(),
    stockLevelId: p.string().primary().$type<Id<'stk'>>(),
    tenantId: p.string(),
    skuId: p.string(),
    quantity: p.integer(),
    /** Still counted in the level's `reserved`. */
    open: p.integer(),
    consumed: p.integer(),
  },
});
export type ReservationLineRow = InferEntity<typeof ReservationLine>;
