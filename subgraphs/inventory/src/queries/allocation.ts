import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { channelQuantities, withChanges, type AllocationSettings, type SkuStock } from '../domain/channel-quantities.js';
import { allocationBase } from '../domain/publish-quantity.js';
import { policyOf, type AllocationRule, type StockPolicy } from '../domain/stock-scope.js';
import { AllocationRuleEntity, type AllocationRuleRow } from '../entities/allocation-rule.entity.js';
import { PublishedQuantity, type PublishedQuantityRow } from '../entities/published-quantity.entity.js';
import { StockChannel, type StockChannelRow } from '../entities/stock-channel.entity.js';
import { StockPolicyEntity, type StockPolicyRow } from '../entities/stock-policy.entity.js';
import { publishingChannels, rulesOf } from './allocation-settings.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** Only what the viewer's channels may see. */
const visible = (ctx: GraphContext): object => (ctx.viewer.channels === 'all' ? {} : { channelId: { $in: [...ctx.viewer.channels] } });

export interface RuleFilter { readonly skuId?: string | undefined; readonly category?: string | undefined; readonly channelId?: string | undefined }

export const allocationRulePage = (ctx: GraphContext, filter: RuleFilter, page: PageRequest): Promise<Page<AllocationRuleRow>> => {
  const seen = ctx.viewer.channels === 'all' ? {} : { $or: [{ channelId: null }, { channelId: { $in: [...ctx.viewer.channels] } }] };
  const where = { tenantId: ctx.viewer.tenantId, ...filter, ...seen };
  return keysetPage<AllocationRuleRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(AllocationRuleEntity, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(AllocationRuleEntity, where)));
};

export const stockPolicyPage = (ctx: GraphContext, filter: Omit<RuleFilter, 'channelId'>, page: PageRequest): Promise<Page<StockPolicyRow>> => {
  const where = { tenantId: ctx.viewer.tenantId, ...filter };
  return keysetPage<StockPolicyRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockPolicyEntity, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockPolicyEntity, where)));
};

export interface PublishedFilter { readonly channelId?: string; readonly skuIds?: readonly string[]; readonly outcome?: PublishedQuantityRow['outcome'] }

export const publishedQuantityPage = (ctx: GraphContext, filter: PublishedFilter, page: PageRequest): Promise<Page<PublishedQuantityRow>> => {
  const where = {
    $and: [{ tenantId: ctx.viewer.tenantId }, visible(ctx), {
      ...(filter.channelId !== undefined && { channelId: filter.channelId }),
      ...(filter.skuIds !== undefined && { skuId: { $in: [...filter.skuIds] } }),
      ...(filter.outcome !== undefined && { outcome: filter.outcome }),
    }],
  };
  return keysetPage<PublishedQuantityRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(PublishedQuantity, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(PublishedQuantity, where as object)));
};

/** What each SKU's channels were last told. */
export const publishedOfSku = defineListLoader<string, PublishedQuantityRow>(
  (ctx, skuIds) => ctx.read((em) => em.find(PublishedQuantity, { tenantId: ctx.viewer.tenantId, skuId: { $in: [...skuIds] }, ...visible(ctx) } as object, { ...READ_ONLY, orderBy: { channelId: 'asc' } })),
  (row) => row.skuId);

export const stockChannels = (ctx: GraphContext): Promise<StockChannelRow[]> =>
  ctx.read((em) => em.find(StockChannel, { tenantId: ctx.viewer.tenantId, ...visible(ctx) } as object, { ...READ_ONLY, orderBy: { channelId: 'asc' } }));

export const stockChannelById = defineLoader<string, StockChannelRow>(async (ctx, ids) => new Map((await ctx.read((em) =>
  em.find(StockChannel, { tenantId: ctx.viewer.tenantId, channelId: { $in: [...ids] } }, READ_ONLY))).map((row) => [row.channelId, row])));

export const allocationRuleById = defineLoader<string, AllocationRuleRow>(async (ctx, ids) => new Map((await ctx.read((em) =>
  em.find(AllocationRuleEntity, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY))).map((row) => [row.id, row])));

export const stockPolicyById = defineLoader<string, StockPolicyRow>(async (ctx, ids) => new Map((await ctx.read((em) =>
  em.find(StockPolicyEntity, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY))).map((row) => [row.id, row])));

/** Settings that somebody thinks of. */
export interface SupposedSettings {
  readonly rules: readonly AllocationRule[];
  readonly policies: readonly StockPolicy[];
  /** In place of the channels that are published to. */
  readonly channelIds: readonly string[] | null;
  /** In place of the main channel; undefined leaves it. */
  readonly mainChannelId: string | null | undefined;
}

export interface PreviewChannel { readonly channel: { readonly id: string }; readonly quantity: number; readonly published: number | null }
export interface PreviewSku { readonly id: string; readonly available: number; readonly base: number; readonly channels: readonly PreviewChannel[] }

/** What channels would show of SKUs under supposed settings, beside what they show now. Six statements, however many SKUs and channels. */
export const allocationPreview = (ctx: GraphContext, supposed: SupposedSettings, skuIds: readonly string[] | null, page: PageRequest): Promise<Page<PreviewSku>> => {
  const { tenantId } = ctx.viewer;
  return keysetPage<PreviewSku>(page,
    ({ id = {} }, orderBy, limit) => ctx.read(async (em) => {
      const stock = await em.execute<SkuStock[]>(
        `select l.sku_id as "skuId", k.category, sum(greatest(0, l.on_hand - l.unavailable - l.reserved + lapsed_units(l.id)))::float8 as available
         from stock_level l left join known_sku k on k.sku_id = l.sku_id and k.tenant_id = l.tenant_id
         where l.tenant_id = ? and l.bucket = 'MAIN' and (?::text is null or l.sku_id < ?) and (?::text is null or l.sku_id > ?)
           and (?::jsonb is null or l.sku_id in (select jsonb_array_elements_text(?::jsonb)))
         group by l.sku_id, k.category order by l.sku_id ${orderBy.id} limit ?`,
        [tenantId, id.$lt ?? null, id.$lt ?? null, id.$gt ?? null, id.$gt ?? null, skuIds && JSON.stringify(skuIds), skuIds && JSON.stringify(skuIds), limit]);
      const channels = await publishingChannels(em, tenantId);
      const present: AllocationSettings = {
        ...(await rulesOf(em, tenantId, stock)),
        channelIds: (supposed.channelIds ?? channels.channelIds).filter((channelId) => ctx.viewer.seesChannel(channelId)),
        mainChannelId: supposed.mainChannelId === undefined ? channels.mainChannelId : supposed.mainChannelId,
      };
      const settings = withChanges(present, supposed);
      const told = await em.find(PublishedQuantity, { tenantId, skuId: { $in: stock.map(({ skuId }) => skuId) } }, READ_ONLY);
      const published = new Map(told.map((row) => [`${row.channelId}/${row.skuId}`, row.quantity]));
      return stock.map((sku) => ({
        id: sku.skuId, available: sku.available,
        base: allocationBase({ available: sku.available, safetyStock: policyOf(settings.policies, sku).safetyStock }),
        channels: channelQuantities(sku, settings).map(({ channelId, quantity }) => ({ channel: { id: channelId }, quantity, published: published.get(`${channelId}/${sku.skuId}`) ?? null })),
      }));
    }),
    () => ctx.read(async (em) => {
      const [row] = await em.execute<{ count: number }[]>(
        `select count(distinct sku_id)::int as count from stock_level where tenant_id = ? and bucket = 'MAIN' and (?::jsonb is null or sku_id in (select jsonb_array_elements_text(?::jsonb)))`,
        [tenantId, skuIds && JSON.stringify(skuIds), skuIds && JSON.stringify(skuIds)]);
      return row!.count;
    }));
};
