import { orderPlaced } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { holdOrder } from '../commands/holds/hold-order.js';
import { allAtOnce } from './all-at-once.js';

export const onOrderPlaced = onTogether(orderPlaced, ({ em, tenantId, deps, because }: TogetherContext<SubgraphDeps>, events) =>
  allAtOnce(events, (event) => because(event, () => holdOrder(em, deps.database, { tenantId, orderId: event.data.orderId, lines: event.data.lines }))));
