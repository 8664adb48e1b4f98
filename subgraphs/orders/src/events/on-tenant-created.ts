import { tenantCreated } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { setUpTenant } from '../commands/set-up-tenant.js';

export const onTenantCreated = on(tenantCreated, ({ em, tenantId }, { data }) => setUpTenant(em, { tenantId, timeZone: data.timeZone }));
