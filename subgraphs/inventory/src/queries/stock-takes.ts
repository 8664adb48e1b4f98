import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { StockTake, StockTakeLine, type StockTakeLineRow, type StockTakeRow } from '../entities/stock-take.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export const stockTakePage = (ctx: GraphContext, filter: { readonly state?: StockTakeRow['state']; readonly locationId?: string }, page: PageRequest): Promise<Page<StockTakeRow>> => {
  const where = { tenantId: ctx.viewer.tenantId, ...filter };
  return keysetPage<StockTakeRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockTake, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockTake, where as object)));
};

/** The lines of one count; `differing`: only those where something is missing or was found. */
export const stockTakeLinePage = (ctx: GraphContext, stockTakeId: string, differing: boolean, page: PageRequest): Promise<Page<StockTakeLineRow>> => {
  const where = { tenantId: ctx.viewer.tenantId, stockTakeId, ...(differing && { difference: { $ne: 0 } }) };
  return keysetPage<StockTakeLineRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockTakeLine, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockTakeLine, where as object)));
};

export const stockTakeById = defineLoader<string, StockTakeRow>(async (ctx, ids) => {
  const takes = await ctx.read((em) => em.find(StockTake, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(takes.map((take) => [take.id, take]));
});

export interface TakeSums { readonly lines: number; readonly missing: number; readonly found: number }

/** What counts come to, many at once. */
export const sumsOfTake = defineLoader<string, TakeSums>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<(TakeSums & { id: string })[]>(
    `select stock_take_id as id, count(*)::int as lines, coalesce(-sum(difference) filter (where difference < 0), 0)::int as missing, coalesce(sum(difference) filter (where difference > 0), 0)::int as found
     from stock_take_line where tenant_id = ? and stock_take_id in (select jsonb_array_elements_text(?::jsonb)) group by 1`, [ctx.viewer.tenantId, JSON.stringify(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
});
