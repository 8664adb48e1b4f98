import { orderConfirmed } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { earnPoints } from '../commands/earn-points.js';

export const onOrderConfirmed = onTogether(orderConfirmed, ({ em, tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) =>
  earnPoints(em, deps.vault, tenantId, events.map((event) => {
    const { orderId, connectionId, customer, amounts } = event.data;
    return { orderId, connectionId, customer, seenAt: new Date(event.time), cost: amounts, because: (work) => because(event, work) };
  })));
