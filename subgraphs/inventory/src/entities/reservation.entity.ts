import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Reservation = defineEntity({
  name: 'Reservation',
  tableName: 'reservation',
  properties: {
    id: p.string().primary().$type<Id<'rsv'>>(),
    tenantId: p.string(),
    orderId: p.string(),
    state: p.enum(['HELD', 'SHORT', 'RELEASED'] as const),
    releasedAt: p.datetime().nullable(),
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
  },
});
