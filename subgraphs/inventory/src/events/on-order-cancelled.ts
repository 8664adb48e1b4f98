import { orderCancelled } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { releaseOrder } from '../commands/follow-order.js';

export const onOrderCancelled = on(orderCancelled, ({ tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => releaseOrder(deps.database, { tenantId, key: data.orderId }));
