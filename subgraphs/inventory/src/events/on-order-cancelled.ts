import { orderCancelled } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { releaseOrder } from '../commands/holds/follow-order.js';
import { allAtOnce } from './all-at-once.js';

export const onOrderCancelled = onTogether(orderCancelled, ({ tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) =>
  allAtOnce(events, (event) => because(event, async () => {
    for (const key of [event.data.orderId, ...event.data.moreHolds ?? []]) await releaseOrder(deps.database, { tenantId, key });
  })));
