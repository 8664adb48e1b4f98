import { defineListLoader, defineLoader, type GraphContext } from '@quanyu/subgraph';
import { ChannelSku, type ChannelSkuRow } from '../entities/channel-sku.entity.js';
import { Price, type PriceRow } from '../entities/price.entity.js';
import { Sku, type SkuRow } from '../entities/sku.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export const skuById = defineLoader<string, SkuRow>(async (ctx, ids) => {
  const skus = await ctx.rows(Sku, { id: ids as SkuRow['id'][] });
  return new Map(skus.map((sku) => [sku.id, sku]));
});

/** SKUs in the order of the codes asked for; codes that nobody has are left out. */
export async function skusByCode(ctx: GraphContext, codes: readonly string[]): Promise<readonly SkuRow[]> {
  const skus = await ctx.rows(Sku, { code: codes });
  const byCode = new Map(skus.map((sku) => [sku.code, sku]));
  return [...new Set(codes)].flatMap((code) => byCode.get(code) ?? []);
}

export const skusByProduct = defineListLoader<string, SkuRow>(
  (ctx, ids) => ctx.rows(Sku, { productId: ids as SkuRow['productId'][] }, { orderBy: { id: 'asc' } }),
  (sku) => sku.productId);

export const pricesBySku = defineListLoader<string, PriceRow>(
  (ctx, ids) => ctx.rows(Price, { skuId: ids as SkuRow['id'][] }, { orderBy: { currency: 'asc' } }),
  (price) => price.skuId);

const inSight = ({ viewer }: GraphContext): object => ({ tenantId: viewer.tenantId, ...(viewer.channels !== 'all' && { connectionId: { $in: [...viewer.channels] } }) });

/** What channels call a SKU, of the channels that the viewer may see. */
export const channelSkusBySku = defineListLoader<string, ChannelSkuRow>(
  (ctx, ids) => ctx.read((em) => em.find(ChannelSku, { ...inSight(ctx), skuId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (mapping) => mapping.skuId);

export const channelSkuById = defineLoader<string, ChannelSkuRow>(async (ctx, ids) => {
  const mappings = await ctx.read((em) => em.find(ChannelSku, { ...inSight(ctx), id: { $in: ids as never } }, READ_ONLY));
  return new Map(mappings.map((mapping) => [mapping.id, mapping]));
});

export interface FloorPriceRow { readonly skuId: string; readonly connectionId: string | null; readonly currency: string; readonly amountMinor: number }

/** Below which SKUs are not to be sold: everywhere, and in the channels that the viewer may see. */
export const floorPricesBySku = defineListLoader<string, FloorPriceRow>(
  async (ctx, ids) => {
    const { tenantId, channels } = ctx.viewer;
    const rows = await ctx.read((em) => em.execute<{ skuId: string; connectionId: string; currency: string; amount: string }[]>(
      `select sku_id as "skuId", connection_id as "connectionId", currency, amount_minor as amount from floor_price
       where tenant_id = ? and sku_id = any (?::text[]) and amount_minor is not null and (connection_id = '' or ?::text[] is null or connection_id = any (?::text[])) order by connection_id, currency`,
      [tenantId, `{${ids.join(',')}}`, channels === 'all' ? null : `{${channels.join(',')}}`, channels === 'all' ? null : `{${channels.join(',')}}`]));
    return rows.map(({ amount, connectionId, ...row }) => ({ ...row, connectionId: connectionId === '' ? null : connectionId, amountMinor: Number(amount) }));
  },
  (floor) => floor.skuId);
