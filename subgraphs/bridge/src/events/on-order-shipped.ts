import { orderShipped } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { planParcelPush } from '../commands/plan-parcel-push.js';

export const onOrderShipped = on(orderShipped, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) =>
  planParcelPush(em, deps.jobs, tenantId, data));
