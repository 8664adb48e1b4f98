import { tenantDeleted, tenantRestored } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { switchWithTenant } from '../commands/connections/switch-with-tenant.js';

export const onTenantDeleted = on(tenantDeleted, ({ em, tenantId }, { sequence }) => switchWithTenant(em, { tenantId, sequence, deleted: true }));
export const onTenantRestored = on(tenantRestored, ({ em, tenantId }, { sequence }) => switchWithTenant(em, { tenantId, sequence, deleted: false }));
