import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

/** Read only: levels change by the engine's functions, never by the unit of work (the database refuses a change without a movement). */
export const StockLevel = defineEntity({
  name: 'StockLevel',
  tableName: 'stock_level',
  properties: {
    id: p.string().primary().$type<Id<'stk'>>(),
    tenantId: p.string(),
    skuId: p.string(),
    locationId: p.string().$type<Id<'loc'>>(),
    /** MAIN, or the activity that the units were set aside for. */
    bucket: p.string(),
    onHand: p.integer(),
    reserved: p.integer(),
    unavailable: p.integer(),
    incoming: p.integer(),
    allowance: p.integer(),
    deficit: p.integer(),
    lapsed: p.integer().formula((level) => `lapsed_units(${level.id})`),
    /** Grows with each movement; also the sequence of its events. */
    version: p.bigint('number'),
    updatedAt: p.datetime(),
  },
});
export type StockLevelRow = InferEntity<typeof StockLevel>;
