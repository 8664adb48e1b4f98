import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { InventoryErrorCode } from '../../errors.js';
import { markPublishDue } from './mark-publish-due.js';

export type CategorySet = { readonly kind: 'set'; readonly skuIds: readonly string[] };

const MOST_SKUS = 1_000;

/** Puts SKUs into the category that rules of stock are said for; null takes them out of any. */
export function setStockCategory(ctx: GraphContext, { skuIds, category }: { readonly skuIds: readonly string[]; readonly category: string | null }): Promise<CategorySet | Refusal<InventoryErrorCode>> {
  const { viewer: { tenantId }, deps } = ctx;
  return ctx.write('set-stock-category', async (em) => {
    if (category !== null && !/^\S(.{0,62}\S)?$/.test(category)) return refuse('SCOPE_INVALID', 'category');
    if (skuIds.length < 1 || skuIds.length > MOST_SKUS) return refuse('TOO_MANY_SKUS', 'skuIds');
    const wanted = [...new Set(skuIds)].sort();
    const known = await em.execute<unknown[]>('update known_sku set category = ? where tenant_id = ? and sku_id in (select jsonb_array_elements_text(?::jsonb)) returning 1', [category, tenantId, JSON.stringify(wanted)]);
    if (known.length < wanted.length) return refuse('SKU_UNKNOWN', 'skuIds');
    for (const skuId of wanted) markPublishDue(em, tenantId, skuId, deps.jobs);
    return { kind: 'set', skuIds: wanted };
  });
}

/** Learns a SKU and its code from the catalog. Its category stays. */
export async function learnSku(em: EntityManager, tenantId: string, { skuId, code }: { readonly skuId: string; readonly code: string }): Promise<void> {
  await em.execute('insert into known_sku (sku_id, tenant_id, code) values (?, ?, ?) on conflict (sku_id) do update set code = excluded.code', [skuId, tenantId, code]);
}
