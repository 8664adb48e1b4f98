import { productChanged, skuCreated } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { learnSkuName } from '../commands/learn-sku-name.js';
import { planProductCopies } from '../commands/plan-copies.js';

export const onSkuCreated = on(skuCreated, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => {
  await learnSkuName(em, tenantId, { connectionId: null, name: data.code, skuId: data.skuId });
  await planProductCopies(em, deps.jobs, tenantId, [data.productId]);
});
export const onProductChanged = on(productChanged, ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data }) => planProductCopies(em, deps.jobs, tenantId, [data.productId]));
