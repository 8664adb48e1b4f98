import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { AfterSaleKind, AfterSaleState } from '../domain/after-sale.js';

export const AfterSale = defineEntity({
  name: 'AfterSale',
  tableName: 'after_sale',
  properties: {
    id: p.string().primary().$type<Id<'afs'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    kind: p.string().$type<AfterSaleKind>(),
    state: p.string().$type<AfterSaleState>(),
    reason: p.string(),
    evidence: p.json<string[]>(),
    refundMinor: p.bigint('number'),
    currency: p.string(),
    requestedBy: p.string(),
    requestedAt: p.datetime(),
    decideBy: p.datetime(),
    returnBy: p.datetime().nullable(),
    decidedBy: p.string().nullable(),
    answer: p.string().nullable(),
    returnCarrier: p.string().nullable(),
    returnTracking: p.string().nullable(),
    replacementOrderId: p.string().$type<Id<'ord'>>().nullable(),
    endedAt: p.datetime().nullable(),
    version: p.integer(),
  },
});
export type AfterSaleRow = InferEntity<typeof AfterSale>;

export const AfterSaleLine = defineEntity({
  name: 'AfterSaleLine',
  tableName: 'after_sale_line',
  properties: {
    afterSaleId: p.string().primary().$type<Id<'afs'>>(),
    orderLineId: p.string().primary().$type<Id<'lin'>>(),
    tenantId: p.string(),
    quantity: p.integer(),
    restocked: p.integer(),
    scrapped: p.integer(),
  },
});
export type AfterSaleLineRow = InferEntity<typeof AfterSaleLine>;
