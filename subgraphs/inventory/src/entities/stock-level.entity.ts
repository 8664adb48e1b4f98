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
    // What lapsed_units() tells, written out: called for each level it would plan its query anew for each. Mostly nothing is held.
    lapsed: p.integer().formula((level) => `case when ${level.reserved} = 0 then 0 else (select coalesce(sum(due.open), 0)::int from reservation_line due where due.stock_level_id = ${level.id} and due.expires_at <= app_now()) end`),
    /** Grows with each movement; also the sequence of its events. */
    version: p.bigint('number'),
    updatedAt: p.datetime(),
  },
});
export type StockLevelRow = InferEntity<typeof StockLevel>;
