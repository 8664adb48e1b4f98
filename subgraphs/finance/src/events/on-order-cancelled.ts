import { orderCancelled } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { reverseFact } from '../commands/post-facts.js';

export const onOrderCancelled = on(orderCancelled, ({ em, tenantId }, { id, data }) =>
  reverseFact(em, { tenantId, orderId: data.orderId, fact: 'ORDER_CONFIRMED', sourceEventId: id }));
