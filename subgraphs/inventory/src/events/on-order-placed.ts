import { orderPlaced } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { holdOrder } from '../commands/hold-order.js';

export const onOrderPlaced = on(orderPlaced, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) =>
  holdOrder(em, deps.database, { tenantId, orderId: data.orderId, lines: data.lines }));
