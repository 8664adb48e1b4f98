import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const StockException = defineEntity({
  name: 'StockException',
  tableName: 'stock_exception',
  // Written by SQL alone.
  readonly: true,
  properties: {
    id: p.string().primary().$type<Id<'ste'>>(),
    tenantId: p.string(),
    code: p.enum(['LOW_STOCK', 'STOCK_DEFICIT', 'STOCK_DRIFT', 'PUBLISH_FAILED'] as const),
    skuId: p.string().nullable(),
    locationId: p.string().nullable(),
    channelId: p.string().nullable(),
    figures: p.json<Record<string, string | number>>(),
    state: p.enum(['OPEN', 'RESOLVED'] as const),
    raisedAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
  },
});
export type StockExceptionRow = InferEntity<typeof StockException>;
