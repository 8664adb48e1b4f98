import { ordersExported } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { auditExport } from '../commands/audit-export.js';

export const onOrdersExported = on(ordersExported, ({ em, tenantId }, { data }) => auditExport(em, tenantId, data));
