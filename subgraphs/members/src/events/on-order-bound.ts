import { orderBound } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { bindGuestOrder } from '../commands/bind-guest-order.js';

export const onOrderBound = on(orderBound, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data: { orderId, connectionId, customer, confirmed }, time }) =>
  bindGuestOrder(em, deps.vault, tenantId, { orderId, connectionId, customer, seenAt: new Date(time), confirmed: confirmed && { cost: confirmed.amounts, confirmedAt: new Date(confirmed.confirmedAt) } }));
