import { orderConfirmed } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { confirmOrder } from '../commands/follow-order.js';

export const onOrderConfirmed = on(orderConfirmed, ({ tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => confirmOrder(deps.database, { tenantId, key: data.orderId }));
