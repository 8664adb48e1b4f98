import { answer, offerSkus, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { offersOf } from '../queries/offers.js';

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(offerSkus, async ({ tenantId, currency, skuIds }) => ({ skus: await offersOf(database, tenantId, currency, skuIds) })),
];
