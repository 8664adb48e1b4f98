import type { EntityManager } from '@mikro-orm/postgresql';
import type { AllocationSettings, SkuStock } from '../domain/channel-quantities.js';
import type { AllocationRule, SkuRef, StockPolicy } from '../domain/stock-scope.js';
import { AllocationRuleEntity } from '../entities/allocation-rule.entity.js';
import { StockChannel } from '../entities/stock-channel.entity.js';
import { StockPolicyEntity } from '../entities/stock-policy.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** The channels that stock is published to; one statement. */
export async function publishingChannels(em: EntityManager, tenantId: string): Promise<Pick<AllocationSettings, 'channelIds' | 'mainChannelId'>> {
  const channels = await em.find(StockChannel, { tenantId, publishing: true }, { ...READ_ONLY, orderBy: { channelId: 'asc' } });
  return { channelIds: channels.map(({ channelId }) => channelId), mainChannelId: channels.find(({ isMain }) => isMain)?.channelId ?? null };
}

/** The rules that may hold for these SKUs; one statement for rules, one for policies. */
export async function rulesOf(em: EntityManager, tenantId: string, skus: readonly SkuRef[]): Promise<Pick<AllocationSettings, 'rules' | 'policies'>> {
  const categories = [...new Set(skus.flatMap(({ category }) => category ?? []))];
  const where = { tenantId, $or: [{ category: null, skuId: null }, { category: { $in: categories } }, { skuId: { $in: skus.map(({ skuId }) => skuId) } }] };
  const rules = await em.find(AllocationRuleEntity, where, READ_ONLY);
  const policies = await em.find(StockPolicyEntity, where, READ_ONLY);
  return { rules: rules as AllocationRule[], policies: policies as StockPolicy[] };
}

/** What can be promised of each SKU over all locations, with its category; one statement. Units set aside for activities are not part of it; a SKU without a level is left out. */
export async function stockOfSkus(em: EntityManager, tenantId: string, skuIds: readonly string[]): Promise<SkuStock[]> {
  return em.execute<SkuStock[]>(
    `select l.sku_id as "skuId", k.category, sum(greatest(0, l.on_hand - l.unavailable - l.reserved + lapsed_units(l.id)))::float8 as available
     from jsonb_array_elements_text(?::jsonb) as wanted (sku_id)
     join stock_level l on l.tenant_id = ? and l.sku_id = wanted.sku_id and l.bucket = 'MAIN'
     left join known_sku k on k.sku_id = l.sku_id and k.tenant_id = l.tenant_id
     group by 1, 2 order by 1`,
    [JSON.stringify(skuIds), tenantId]);
}
