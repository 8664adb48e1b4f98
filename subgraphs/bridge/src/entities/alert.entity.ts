import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Alert = defineEntity({
  name: 'Alert',
  tableName: 'alert',
  properties: {
    id: p.string().primary().$type<Id<'alr'>>(),
    tenantId: p.string(),
    /** Of what it warns: raised once while it is open. */
    dedupeKey: p.string(),
    code: p.string(),
    severity: p.enum(['WARNING', 'CRITICAL'] as const),
    subjectKind: p.enum(['ORDER', 'CHANNEL', 'EVENT', 'SKU'] as const),
    subjectId: p.string(),
    connectionId: p.string().nullable(),
    params: p.json<Record<string, string | number>>(),
    state: p.enum(['OPEN', 'RESOLVED'] as const),
    count: p.integer(),
    firstAt: p.datetime(),
    lastAt: p.datetime(),
    resolvedAt: p.datetime().nullable(),
  },
});
export type AlertRow = InferEntity<typeof Alert>;
