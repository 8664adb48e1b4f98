import { orderConfirmed } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { postFact } from '../commands/post-fact.js';
import { orderEntry } from '../domain/order-entry.js';

export const onOrderConfirmed = on(orderConfirmed, ({ em, tenantId }, { id, data: { orderId, connectionId, amounts } }) =>
  postFact(em, { tenantId, orderId, connectionId, fact: 'ORDER_CONFIRMED', sourceEventId: id, currency: amounts.currency, lines: orderEntry(amounts) }));
