import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const StockPolicyEntity = defineEntity({
  name: 'StockPolicy',
  tableName: 'stock_policy',
  properties: {
    id: p.string().primary().$type<Id<'pol'>>(),
    tenantId: p.string(),
    category: p.string().nullable(),
    skuId: p.string().nullable(),
    safetyStock: p.integer().nullable(),
    lowStockThreshold: p.integer().nullable(),
    lowStockMargin: p.integer().nullable(),
    mainChannelOnlyBelow: p.integer().nullable(),
    version: p.integer(),
    updatedAt: p.datetime(),
  },
});
export type StockPolicyRow = InferEntity<typeof StockPolicyEntity>;
