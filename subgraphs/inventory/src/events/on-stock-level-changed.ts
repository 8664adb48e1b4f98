import { stockLevelChanged } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { markPublishDue } from '../commands/publishing/mark-publish-due.js';

/** Our own news, taken up apart from the change: publishing must not slow down an order. */
export const onStockLevelChanged = on(stockLevelChanged, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => {
  markPublishDue(em, tenantId, data.skuId, deps.jobs);
  return Promise.resolve();
});
