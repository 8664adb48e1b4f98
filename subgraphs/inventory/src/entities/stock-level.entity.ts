import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const StockLevel = defineEntity({
  name: 'StockLevel',
  tableName: 'stock_level',
  properties: {
    id: p.string().primary().$type<Id<'stk'>>(),
    tenantId: p.string(),
    skuId: p.string(),
    locationId: p.string().$type<Id<'loc'>>(),
    onHand: p.integer(),
    reserved: p.integer(),
    /** Grows with each change; also the sequence of its events. */
    version: p.integer(),
    updatedAt: p.datetime(),
  },
});
export type StockLevelRow = InferEntity<typeof StockLevel>;
