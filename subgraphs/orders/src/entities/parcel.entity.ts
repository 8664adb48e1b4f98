import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Parcel = defineEntity({
  name: 'Parcel',
  tableName: 'parcel',
  properties: {
    id: p.string().primary().$type<Id<'prl'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    shippedBy: p.enum(['US', 'CHANNEL'] as const),
    carrier: p.string().nullable(),
    trackingNumber: p.string().nullable(),
    service: p.string().nullable(),
    shippedAt: p.datetime(),
  },
});
export type ParcelRow = InferEntity<typeof Parcel>;

export const ParcelLine = defineEntity({
  name: 'ParcelLine',
  tableName: 'parcel_line',
  properties: {
    parcelId: p.string().primary().$type<Id<'prl'>>(),
    orderLineId: p.string().primary().$type<Id<'lin'>>(),
    tenantId: p.string(),
    quantity: p.integer(),
  },
});
export type ParcelLineRow = InferEntity<typeof ParcelLine>;
