import { orderAmended } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { amendPoints } from '../commands/amend-points.js';

export const onOrderAmended = on(orderAmended, ({ em, tenantId }, { data: { orderId, connectionId, editId, currency, beforeMinor, afterMinor } }) =>
  amendPoints(em, tenantId, { orderId, connectionId, editId, currency, beforeMinor, afterMinor }));
