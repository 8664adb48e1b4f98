import { productChanged, skuCreated } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { learnSkuName } from '../commands/sync/learn-sku-name.js';
import { tellPartners } from '../commands/messages/tell-partners.js';
import { planProductCopies } from '../commands/outgoing/plan-copies.js';

export const onSkuCreated = on(skuCreated, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data, time }) => {
  await learnSkuName(em, tenantId, { connectionId: null, name: data.code, skuId: data.skuId });
  await planProductCopies(em, deps.jobs, tenantId, [data.productId]);
  await tellPartners(em, tenantId, 'product.changed', { productId: data.productId }, new Date(time));
});
export const onProductChanged = on(productChanged, async ({ em, tenantId, deps }: ConsumeContext<SubgraphDeps>, { data: { productId }, time }) => {
  await planProductCopies(em, deps.jobs, tenantId, [productId]);
  await tellPartners(em, tenantId, 'product.changed', { productId }, new Date(time));
});
