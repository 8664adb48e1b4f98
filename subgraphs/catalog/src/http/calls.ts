import { answer, offerSkus, tellProducts, type CallHandler } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { offersOf } from '../queries/offers.js';
import { toldProducts } from '../queries/told-products.js';

export const calls = ({ database }: SubgraphDeps): readonly CallHandler[] => [
  answer(offerSkus, async ({ tenantId, currency, skuIds, connectionId }) => ({ skus: await offersOf(database, { tenantId, currency, connectionId: connectionId ?? null }, skuIds) })),
  answer(tellProducts, (asked) => toldProducts(database, asked)),
];
