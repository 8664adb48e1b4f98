import { orderReceived } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { takeOrder } from '../commands/take-order.js';

export const onOrderReceived = on(orderReceived, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => takeOrder(em, deps.vault, tenantId, data));
