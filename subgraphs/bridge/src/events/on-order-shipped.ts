import { orderShipped } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { planFollow } from '../commands/outgoing/follow-parcel.js';
import { planBuyerMailWhileDown } from '../commands/messages/plan-buyer-mail.js';
import { planParcelPush } from '../commands/outgoing/plan-parcel-push.js';
import { tellPartners } from '../commands/messages/tell-partners.js';

export const onOrderShipped = on(orderShipped, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => {
  await planParcelPush(em, deps, tenantId, data);
  await planFollow(em, deps, tenantId, data);
  await planBuyerMailWhileDown(em, tenantId, { orderId: data.orderId, news: 'SHIPPED', trackingNumber: data.trackingNumber });
  const { orderId, connectionId: channelId, parcelId, carrier, trackingNumber, shippedAt, complete } = data;
  await tellPartners(em, tenantId, 'order.shipped', { orderId, channelId, parcelId, carrier, trackingNumber, shippedAt, complete });
});
