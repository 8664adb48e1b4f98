import { orderChanged } from '@quanyu/events';
import { onTogether } from '@quanyu/outbox';
import { learnOrders } from '../commands/learn-orders.js';

export const onOrderChanged = onTogether(orderChanged, ({ em, tenantId }, events) => learnOrders(em, tenantId, events.map(({ data }) => data)));
