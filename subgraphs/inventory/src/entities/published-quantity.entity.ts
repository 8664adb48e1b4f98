import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const PublishedQuantity = defineEntity({
  name: 'PublishedQuantity',
  tableName: 'published_quantity',
  properties: {
    id: p.string().primary().$type<Id<'pub'>>(),
    tenantId: p.string(),
    channelId: p.string(),
    skuId: p.string(),
    quantity: p.integer(),
    version: p.integer(),
    publishedAt: p.datetime(),
    outcome: p.enum(['PENDING', 'ACCEPTED', 'FAILED', 'REPEAT'] as const),
    outcomeAt: p.datetime().nullable(),
    failureCode: p.string().nullable(),
  },
});
export type PublishedQuantityRow = InferEntity<typeof PublishedQuantity>;
