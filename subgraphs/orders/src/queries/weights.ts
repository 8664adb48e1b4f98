import { offerSkus } from '@quanyu/calls';
import type { GraphContext } from '@quanyu/subgraph';
import type { OrderLineRow } from '../entities/order-line.entity.js';

const MOST_SKUS = 500;

/** Weight of each SKU that has one, by one question to the catalog for each 500. */
export async function weightsOf(ctx: GraphContext, lines: readonly OrderLineRow[], currency: string): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(lines.flatMap(({ skuId }) => skuId ?? []))];
  const weights = new Map<string, number>();
  for (let from = 0; from < ids.length; from += MOST_SKUS) {
    const { skus } = await ctx.deps.calls.invoke(offerSkus, { tenantId: ctx.viewer.tenantId, currency, skuIds: ids.slice(from, from + MOST_SKUS) });
    for (const { skuId, weightGrams } of skus) if (weightGrams !== null) weights.set(skuId, weightGrams);
  }
  return weights;
}

export const weightOf = ({ skuId }: OrderLineRow, weights: ReadonlyMap<string, number>): number | null => weights.get(skuId ?? '') ?? null;
