import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const PointsLot = defineEntity({
  name: 'PointsLot',
  tableName: 'points_lot',
  properties: {
    id: p.string().primary().$type<Id<'lot'>>(),
    tenantId: p.string(),
    memberId: p.string().$type<Id<'mem'>>(),
    orderId: p.string(),
    points: p.bigint('number'),
    /** Kept by the entries that name the lot. */
    remaining: p.bigint('number'),
    earnedAt: p.datetime(),
    /** The first instant at which what remains is no longer valid. */
    expiresAt: p.datetime(),
  },
});
export type PointsLotRow = InferEntity<typeof PointsLot>;

/** Kept by the entries of the member; never written here. */
export const PointsBalance = defineEntity({
  name: 'PointsBalance',
  tableName: 'points_balance',
  properties: {
    memberId: p.string().primary().$type<Id<'mem'>>(),
    tenantId: p.string(),
    balance: p.bigint('number'),
    version: p.integer(),
  },
});
export type PointsBalanceRow = InferEntity<typeof PointsBalance>;
