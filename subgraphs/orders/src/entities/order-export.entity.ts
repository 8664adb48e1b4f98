import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { OrderStatus } from '../domain/order-state.js';

export interface ExportFilter { readonly statuses: readonly OrderStatus[] | null; readonly placedFrom: string | null; readonly placedBefore: string | null }

export const OrderExport = defineEntity({
  name: 'OrderExport',
  tableName: 'order_export',
  properties: {
    id: p.string().primary().$type<Id<'oex'>>(),
    tenantId: p.string(),
    askedBy: p.string(),
    reason: p.string(),
    recipients: p.json<string[]>(),
    filter: p.json<ExportFilter>(),
    channelIds: p.json<string[]>().nullable(),
    state: p.enum(['RUNNING', 'DONE', 'OVER'] as const),
    total: p.integer(),
    exported: p.integer().default(0),
    upTo: p.string(),
    afterId: p.string().default(''),
    wrappedKey: p.text(),
    sealedKey: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('app_now()'),
    doneAt: p.datetime().nullable(),
    expiresAt: p.datetime(),
  },
});
export type OrderExportRow = InferEntity<typeof OrderExport>;
