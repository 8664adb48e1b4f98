import { orderPlaced } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { bindOrders } from '../commands/bind-orders.js';

export const onOrderPlaced = onTogether(orderPlaced, async ({ em, tenantId, deps }: TogetherContext<SubgraphDeps>, events) => {
  await bindOrders(em, deps.vault, tenantId, events.map(({ data: { orderId, connectionId, customer }, time }) => ({ orderId, connectionId, customer, seenAt: new Date(time) })));
});
