import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { ViewerClaims } from '@quanyu/viewer';

export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.string().primary().$type<Id<'aud'>>(),
    tenantId: p.string(),
    actorKind: p.string().$type<ViewerClaims['kind']>(),
    actorId: p.string(),
    action: p.string(),
    subject: p.string(),
    reason: p.string().nullable(),
    requestId: p.string().nullable(),
    details: p.json<Record<string, string>>(),
    at: p.datetime().defaultRaw('app_now()'),
  },
});
export type AuditEntryRow = InferEntity<typeof AuditEntry>;
