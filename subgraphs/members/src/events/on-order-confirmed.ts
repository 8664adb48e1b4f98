import { orderConfirmed } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { earnPoints } from '../commands/earn-points.js';

export const onOrderConfirmed = on(orderConfirmed, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data, time }) =>
  earnPoints(em, deps.vault, { tenantId, orderId: data.orderId, connectionId: data.connectionId, customer: data.customer, seenAt: new Date(time), cost: data.amounts }));
