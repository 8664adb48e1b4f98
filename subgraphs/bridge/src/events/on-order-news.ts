import { orderCancelled, orderConfirmed } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { planBuyerMailWhileDown } from '../commands/plan-buyer-mail.js';
import { endOrderCopies, planOrderCopies } from '../commands/plan-copies.js';
import { callBackOrder, planOutgoingOrder } from '../commands/plan-outgoing-order.js';
import { tellPartners } from '../commands/tell-partners.js';

// Each by its own fields: what an event holds of a customer stays here.
export const onOrderConfirmed = on(orderConfirmed, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId: channelId, amounts, paidAt }, time }) => {
  await planOutgoingOrder(em, deps.jobs, tenantId, { orderId, connectionId: channelId });
  await planOrderCopies(em, deps.jobs, tenantId, { orderId, connectionId: channelId });
  await tellPartners(em, tenantId, 'order.confirmed', { orderId, channelId, amounts, paidAt }, new Date(time));
});
export const onOrderCancelled = on(orderCancelled, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId: channelId, reason }, time }) => {
  await callBackOrder(em, tenantId, orderId);
  await endOrderCopies(em, deps.jobs, tenantId, orderId);
  await planBuyerMailWhileDown(em, tenantId, { orderId, news: 'CANCELLED', trackingNumber: null });
  await tellPartners(em, tenantId, 'order.cancelled', { orderId, channelId, reason }, new Date(time));
});
