import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { MovementReason } from '../domain/movement-reasons.js';

/** One change of a level: what it added to each quantity. */
export const StockMovement = defineEntity({
  name: 'StockMovement',
  tableName: 'stock_movement',
  // Written by SQL alone.
  readonly: true,
  properties: {
    id: p.string().primary().$type<Id<'mov'>>(),
    tenantId: p.string(),
    stockLevelId: p.string().$type<Id<'stk'>>(),
    /** The level's version that it made. */
    sequence: p.bigint('number'),
    reason: p.string().$type<MovementReason>(),
    onHand: p.integer(),
    reserved: p.integer(),
    unavailable: p.integer(),
    incoming: p.integer(),
    allowance: p.integer(),
    deficit: p.integer(),
    reservationId: p.string().nullable().$type<Id<'rsv'> | null>(),
    reference: p.text().nullable(),
    actor: p.text().nullable(),
    note: p.text().nullable(),
    at: p.datetime(),
  },
});
export type StockMovementRow = InferEntity<typeof StockMovement>;
