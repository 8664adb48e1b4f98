import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const StockImport = defineEntity({
  name: 'StockImport',
  tableName: 'stock_import',
  // Written by SQL alone.
  readonly: true,
  properties: {
    id: p.string().primary().$type<Id<'imp'>>(),
    tenantId: p.string(),
    format: p.enum(['CSV', 'JSONL'] as const),
    mode: p.enum(['SET', 'ADJUST'] as const),
    defaultLocation: p.string(),
    state: p.enum(['AWAITING_FILE', 'RECEIVING', 'QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const),
    failureCode: p.string().nullable(),
    bytes: p.bigint('number'),
    rowsTotal: p.integer(),
    rowsDone: p.integer(),
    rowsApplied: p.integer(),
    rowsRefused: p.integer(),
    createdAt: p.datetime(),
    doneAt: p.datetime().nullable(),
  },
});
export type StockImportRow = InferEntity<typeof StockImport>;
