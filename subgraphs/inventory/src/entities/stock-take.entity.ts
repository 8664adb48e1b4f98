import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const StockTake = defineEntity({
  name: 'StockTake',
  tableName: 'stock_take',
  properties: {
    id: p.string().primary().$type<Id<'tak'>>(),
    tenantId: p.string(),
    locationId: p.string().$type<Id<'loc'>>(),
    state: p.enum(['OPEN', 'CLOSING', 'CLOSED', 'CANCELLED'] as const),
    note: p.text().nullable(),
    openedBy: p.string(),
    openedAt: p.datetime(),
    closedBy: p.string().nullable(),
    closedAt: p.datetime().nullable(),
  },
});
export type StockTakeRow = InferEntity<typeof StockTake>;

export const StockTakeLine = defineEntity({
  name: 'StockTakeLine',
  tableName: 'stock_take_line',
  properties: {
    id: p.string().primary().$type<Id<'tkl'>>(),
    tenantId: p.string(),
    stockTakeId: p.string().$type<Id<'tak'>>(),
    skuId: p.string(),
    counted: p.integer(),
    expected: p.integer(),
    difference: p.integer(),
    countedBy: p.string(),
    countedAt: p.datetime(),
    appliedAt: p.datetime().nullable(),
  },
});
export type StockTakeLineRow = InferEntity<typeof StockTakeLine>;
