import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Price = defineEntity({
  name: 'Price',
  tableName: 'price',
  properties: {
    id: p.string().primary().$type<Id<'prc'>>(),
    tenantId: p.string(),
    skuId: p.string().$type<Id<'sku'>>(),
    kind: p.enum(['BASE'] as const),
    currency: p.string(),
    amountMinor: p.bigint('number'),
    validFrom: p.datetime().nullable(),
    validTo: p.datetime().nullable(),
  },
});
export type PriceRow = InferEntity<typeof Price>;
