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
  },
});
export type TenantRow = InferEntity<typeof Tenant>;
