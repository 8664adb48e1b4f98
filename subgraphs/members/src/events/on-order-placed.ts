import { orderPlaced } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { bindOrder } from '../commands/bind-order.js';

export const onOrderPlaced = on(orderPlaced, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data, time }) => {
  await bindOrder(em, deps.vault, { tenantId, orderId: data.orderId, connectionId: data.connectionId, customer: data.customer, seenAt: new Date(time) });
});
