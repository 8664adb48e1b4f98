import { orderCancelled, orderConfirmed } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { tellPartners } from '../commands/tell-partners.js';

// Each by its own fields: what an event holds of a customer stays here.
export const onOrderConfirmed = on(orderConfirmed, ({ em, tenantId }, { data: { orderId, connectionId: channelId, amounts, paidAt }, time }) =>
  tellPartners(em, tenantId, 'order.confirmed', { orderId, channelId, amounts, paidAt }, new Date(time)));
export const onOrderCancelled = on(orderCancelled, ({ em, tenantId }, { data: { orderId, connectionId: channelId, reason }, time }) =>
  tellPartners(em, tenantId, 'order.cancelled', { orderId, channelId, reason }, new Date(time)));
