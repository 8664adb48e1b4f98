import { orderConfirmed } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { confirmOrder } from '../commands/holds/follow-order.js';
import { allAtOnce } from './all-at-once.js';

export const onOrderConfirmed = onTogether(orderConfirmed, ({ tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) =>
  allAtOnce(events, (event) => because(event, () => confirmOrder(deps.database, { tenantId, key: event.data.orderId }))));
