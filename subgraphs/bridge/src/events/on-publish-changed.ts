import { publishChanged } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { planStockPush } from '../commands/outgoing/plan-stock-push.js';

export const onPublishChanged = on(publishChanged, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data, sequence }) =>
  planStockPush(em, deps.jobs, tenantId, { ...data, sequence }));
