import { orderChanged } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnOrder } from '../commands/learn-order.js';

export const onOrderChanged = on(orderChanged, ({ em, tenantId }, { data: { orderId, connectionId } }) => learnOrder(em, { tenantId, orderId, connectionId }));
