import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    id: p.string().primary().$type<Id<'ten'>>(),
    tenantId: p.string(),
    name: p.string(),
    timeZone: p.string(),
    baseCurrency: p.string(),
    status: p.enum(['DISABLED', 'ENABLED'] as const).default('ENABLED'),
    packageId: p.string().default('standard'),
    expiresAt: p.datetime().nullable(),
    accountLimit: p.integer().nullable(),
    /** Grows with each change. */
    version: p.integer().default(1),
    createdAt: p.datetime().defaultRaw('app_now()'),
    createdBy: p.string(),
    updatedAt: p.datetime().defaultRaw('app_now()'),
    updatedBy: p.string(),
    deletedAt: p.datetime().nullable(),
  },
});
export type TenantRow = InferEntity<typeof Tenant>;
