import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const OrderLine = defineEntity({
  name: 'OrderLine',
  tableName: 'order_line',
  properties: {
    id: p.string().primary().$type<Id<'lin'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    externalLineId: p.string(),
    externalSku: p.string(),
    skuId: p.string().nullable(),
    title: p.string(),
    externalProductId: p.text().nullable(),
    externalVariantId: p.text().nullable(),
    quantity: p.integer(),
    shippedQuantity: p.integer(),
    /** What after-sales that live or have succeeded claim of it. */
    claimedQuantity: p.integer(),
    unitPriceMinor: p.bigint('number'),
    discountMinor: p.bigint('number'),
  },
});
export type OrderLineRow = InferEntity<typeof OrderLine>;
