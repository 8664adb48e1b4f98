import { orderShipped } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { shipOrder } from '../commands/holds/follow-order.js';

export const onOrderShipped = on(orderShipped, ({ tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) =>
  shipOrder(deps.database, { tenantId, key: data.orderId }, { reference: data.parcelId, lines: data.lines, moreHolds: data.moreHolds ?? [] }));
