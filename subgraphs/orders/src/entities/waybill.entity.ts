import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { WaybillState } from '../domain/waybill.js';

export const Waybill = defineEntity({
  name: 'Waybill',
  tableName: 'waybill',
  properties: {
    id: p.string().primary().$type<Id<'wbl'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    carrier: p.string(),
    state: p.string().$type<WaybillState>(),
    trackingNumber: p.string().nullable(),
    routeCode: p.string().nullable(),
    sortingCode: p.string().nullable(),
    sealedPrint: p.text().nullable(),
    province: p.string().nullable(),
    weightGrams: p.integer().nullable(),
    attempts: p.integer(),
    failureCode: p.string().nullable(),
    issuedAt: p.datetime().nullable(),
    printedAt: p.datetime().nullable(),
    printCount: p.integer(),
  },
});
export type WaybillRow = InferEntity<typeof Waybill>;
