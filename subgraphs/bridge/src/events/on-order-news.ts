import { orderCancelled, orderConfirmed } from '@quanyu/events';
import { on, onTogether, type ConsumeContext, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { planBuyerMailWhileDown } from '../commands/messages/plan-buyer-mail.js';
import { endOrderCopies, planOrderCopies } from '../commands/outgoing/plan-copies.js';
import { callBackOrder, planOutgoingOrders } from '../commands/outgoing/plan-outgoing-order.js';
import { partnersOf, tellEach, tellPartners } from '../commands/messages/tell-partners.js';

// Each by its own fields: what an event holds of a customer stays here.
export const onOrderConfirmed = onTogether(orderConfirmed, async ({ em, tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) => {
  const orders = events.map(({ data: { orderId, connectionId } }) => ({ orderId, connectionId }));
  await planOutgoingOrders(em, deps.jobs, tenantId, orders);
  await planOrderCopies(em, deps.jobs, tenantId, orders);
  const partners = await partnersOf(em, tenantId, 'order.confirmed');
  for (const event of events) {
    const { data: { orderId, connectionId: channelId, amounts, paidAt }, time } = event;
    await because(event, () => tellEach(em, tenantId, partners, 'order.confirmed', { orderId, channelId, amounts, paidAt }, new Date(time)));
  }
});
export const onOrderCancelled = on(orderCancelled, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId: channelId, reason }, time }) => {
  await callBackOrder(em, tenantId, orderId);
  await endOrderCopies(em, deps.jobs, tenantId, orderId);
  await planBuyerMailWhileDown(em, tenantId, { orderId, news: 'CANCELLED', trackingNumber: null });
  await tellPartners(em, tenantId, 'order.cancelled', { orderId, channelId, reason }, new Date(time));
});
