import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const OrderEdit = defineEntity({
  name: 'OrderEdit',
  tableName: 'order_edit',
  properties: {
    id: p.string().primary().$type<Id<'oed'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    state: p.enum(['HOLDING', 'DONE', 'GIVEN_UP'] as const),
    askedBy: p.string(),
    reason: p.string(),
    differenceMinor: p.bigint('number'),
    currency: p.string(),
  },
});
export type OrderEditRow = InferEntity<typeof OrderEdit>;

/** Units that an edit holds for its order, beside the order's own hold. */
export const OrderHold = defineEntity({
  name: 'OrderHold',
  tableName: 'order_hold',
  properties: {
    key: p.string().primary(),
    skuId: p.string().primary(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    quantity: p.integer(),
    shipped: p.integer(),
  },
});
export type OrderHoldRow = InferEntity<typeof OrderHold>;
