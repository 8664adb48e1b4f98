import { orderConfirmed } from '@quanyu/events';
import { onTogether } from '@quanyu/outbox';
import { postFacts } from '../commands/post-facts.js';
import { orderEntry } from '../domain/order-entry.js';

export const onOrderConfirmed = onTogether(orderConfirmed, ({ em, tenantId, because }, events) => postFacts(em, tenantId, events.map((event) => {
  const { orderId, connectionId, amounts } = event.data;
  return { orderId, connectionId, fact: 'ORDER_CONFIRMED', sourceEventId: event.id, currency: amounts.currency, lines: orderEntry(amounts), because: (work) => because(event, work) };
})));
