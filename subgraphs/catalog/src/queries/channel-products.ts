import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { containing } from '../domain/search.js';

export interface ChannelProductRow {
  readonly id: string; readonly connectionId: string; readonly externalProductId: string; readonly title: string; readonly bodyHtml: string | null; readonly vendor: string | null; readonly productType: string | null;
  readonly handle: string | null; readonly tags: readonly string[]; readonly status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED'; readonly publishedAt: Date | null;
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]; readonly changedAt: Date;
}
export type Mapping = 'MAPPED' | 'BY_CODE' | 'UNMAPPED';
export interface ChannelVariantRow {
  readonly id: string; readonly productId: string; readonly connectionId: string; readonly externalVariantId: string; readonly externalSku: string; readonly title: string; readonly currency: string | null; readonly priceMinor: number | null;
  readonly compareAtMinor: number | null; readonly quantity: number | null; readonly weight: string | null; readonly weightUnit: string | null; readonly requiresShipping: boolean | null; readonly options: readonly string[];
  readonly skuId: string | null; readonly mapping: Mapping;
}
export interface ChannelImageRow { readonly productId: string; readonly externalImageId: string; readonly src: string; readonly position: number; readonly width: number | null; readonly height: number | null }

const PRODUCT = `p.id, p.connection_id as "connectionId", p.external_id as "externalProductId", p.title, p.body_html as "bodyHtml", p.vendor, p.product_type as "productType", p.handle, p.tags, p.status,
  p.published_at as "publishedAt", p.options, p.changed_at as "changedAt"`;
const VARIANT = `v.id, v.product_id as "productId", v.connection_id as "connectionId", v.external_id as "externalVariantId", v.external_sku as "externalSku", v.title, v.currency, v.price_minor as "priceMinor",
  v.compare_at_minor as "compareAtMinor", v.quantity, trim_scale(v.weight)::text as weight, v.weight_unit as "weightUnit", v.requires_shipping as "requiresShipping", v.options, coalesce(m.sku_id, s.id) as "skuId",
  case when m.sku_id is not null then 'MAPPED' when s.id is not null then 'BY_CODE' else 'UNMAPPED' end as mapping`;
// A mapping says more than a code; a name without a meaning yet has version 0.
const VARIANTS = `channel_variant v
  left join channel_sku m on m.tenant_id = v.tenant_id and m.connection_id = v.connection_id and m.external_sku = v.external_sku and m.version > 0
  left join sku s on s.tenant_id = v.tenant_id and s.code = v.external_sku`;
const UNMAPPED = 'm.sku_id is null and s.id is null';

const list = (values: readonly unknown[]): string => values.map(() => '?').join(', ');
const dated = (row: ChannelProductRow): ChannelProductRow => ({ ...row, publishedAt: row.publishedAt && new Date(row.publishedAt), changedAt: new Date(row.changedAt) });
const counted = (row: ChannelVariantRow): ChannelVariantRow => ({ ...row, priceMinor: numberOf(row.priceMinor), compareAtMinor: numberOf(row.compareAtMinor) });
const numberOf = (value: number | string | null): number | null => (value === null ? null : Number(value));

/** A condition of SQL and its values. */
interface Condition { readonly sql: string; readonly values: readonly unknown[] }
const all = (conditions: readonly Condition[]): Condition => ({ sql: conditions.map(({ sql }) => sql).join(' and '), values: conditions.flatMap(({ values }) => values) });

function boundsOf(alias: string, { id }: { readonly id?: { readonly $lt?: string; readonly $gt?: string } }): Condition[] {
  return [...(id?.$lt === undefined ? [] : [{ sql: `${alias}.id < ?`, values: [id.$lt] }]), ...(id?.$gt === undefined ? [] : [{ sql: `${alias}.id > ?`, values: [id.$gt] }])];
}

function pageOf<Row extends { readonly id: string }>(ctx: GraphContext, page: PageRequest, alias: string, columns: string, from: string, where: readonly Condition[], shape: (row: Row) => Row): Promise<Page<Row>> {
  return keysetPage<Row>(
    page,
    async (bounds, { id: order }, limit) => {
      const { sql, values } = all([...where, ...boundsOf(alias, bounds)]);
      return (await ctx.read((em) => em.execute<Row[]>(`select ${columns} from ${from} where ${sql} order by ${alias}.id ${order} limit ?`, [...values, limit]))).map(shape);
    },
    async () => {
      const { sql, values } = all(where);
      const [row] = await ctx.read((em) => em.execute<{ count: number }[]>(`select count(*)::int as count from ${from} where ${sql}`, [...values]));
      return row!.count;
    });
}

const ofChannel = (ctx: GraphContext, alias: string, connectionId: string): Condition => ({ sql: `${alias}.tenant_id = ? and ${alias}.connection_id = ? and ${alias}.deleted_at is null`, values: [ctx.viewer.tenantId, connectionId] });

/** What a channel sells, newest here first; by a text in titles, vendors, kinds and names of variants. */
export function channelProductPage(ctx: GraphContext, connectionId: string, query: string | null, page: PageRequest): Promise<Page<ChannelProductRow>> {
  const pattern = containing(query ?? '');
  const found: Condition[] = pattern === null ? [] : [{
    sql: '(p.title ilike ? or p.vendor ilike ? or p.product_type ilike ? or exists (select from channel_variant v where v.product_id = p.id and v.deleted_at is null and v.external_sku ilike ?))', values: [pattern, pattern, pattern, pattern],
  }];
  return pageOf<ChannelProductRow>(ctx, page, 'p', PRODUCT, 'channel_product p', [ofChannel(ctx, 'p', connectionId), ...found], dated);
}

/** All variants that a channel sells, or those of them that are no SKU of ours yet. */
export const channelVariantPage = (ctx: GraphContext, connectionId: string, unmapped: boolean, page: PageRequest): Promise<Page<ChannelVariantRow>> =>
  pageOf<ChannelVariantRow>(ctx, page, 'v', VARIANT, VARIANTS, [ofChannel(ctx, 'v', connectionId), ...(unmapped ? [{ sql: UNMAPPED, values: [] }] : [])], counted);

const visible = ({ viewer }: GraphContext, alias: string): Condition => ({
  sql: `${alias}.tenant_id = ?${viewer.channels === 'all' ? '' : ` and ${alias}.connection_id in (select jsonb_array_elements_text(?::jsonb))`}`,
  values: [viewer.tenantId, ...(viewer.channels === 'all' ? [] : [JSON.stringify(viewer.channels)])],
});

export const channelProductById = defineLoader<string, ChannelProductRow>(async (ctx, ids) => {
  const { sql, values } = visible(ctx, 'p');
  const rows = await ctx.read((em) => em.execute<ChannelProductRow[]>(`select ${PRODUCT} from channel_product p where ${sql} and p.id in (${list(ids)})`, [...values, ...ids]));
  return new Map(rows.map((row) => [row.id, dated(row)]));
});

/** The first of each product's variants, in their order there; whoever needs more pages through the channel's. */
export const FIRST_VARIANTS = 250;
export const variantsByChannelProduct = defineListLoader<string, ChannelVariantRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<ChannelVariantRow[]>(
    `select v.* from unnest(array[${list(ids)}]::text[]) as p (id) cross join lateral (
       select ${VARIANT} from ${VARIANTS} where v.tenant_id = ? and v.product_id = p.id and v.deleted_at is null order by v.id limit ${FIRST_VARIANTS}) v`, [...ids, ctx.viewer.tenantId]));
  return rows.map(counted);
}, (variant) => variant.productId);

export const variantCountByChannelProduct = defineLoader<string, number>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; count: number }[]>(
    `select product_id as id, count(*)::int as count from channel_variant where tenant_id = ? and deleted_at is null and product_id in (${list(ids)}) group by product_id`, [ctx.viewer.tenantId, ...ids]));
  return new Map(rows.map(({ id, count }) => [id, count]));
});

export const imagesByChannelProduct = defineListLoader<string, ChannelImageRow>(async (ctx, ids) => ctx.read((em) => em.execute<ChannelImageRow[]>(
  `select product_id as "productId", external_id as "externalImageId", src, position, width, height from channel_image
   where tenant_id = ? and deleted_at is null and product_id in (${list(ids)}) order by product_id, position, external_id`, [ctx.viewer.tenantId, ...ids])), (image) => image.productId);
