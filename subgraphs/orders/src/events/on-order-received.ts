import { orderReceived } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { lockKnownOrders, takeOrder } from '../commands/intake/take-order.js';

export const onOrderReceived = onTogether(orderReceived, async ({ em, tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) => {
  const known = await lockKnownOrders(em, tenantId, events.map(({ data }) => data));
  for (const event of events) await because(event, () => takeOrder(em, deps.vault, known, event.data));
});
