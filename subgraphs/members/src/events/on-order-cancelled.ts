import { orderCancelled } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { reversePoints } from '../commands/reverse-points.js';

export const onOrderCancelled = on(orderCancelled, ({ em, tenantId }, { data }) =>
  reversePoints(em, tenantId, { orderId: data.orderId, connectionId: data.connectionId }));
