import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { StockException, type StockExceptionRow } from '../entities/stock-exception.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface ExceptionFilter { readonly code?: StockExceptionRow['code']; readonly state?: StockExceptionRow['state']; readonly skuIds?: readonly string[] }

/** What a person should look at; of channels only those that the viewer may see. */
export const stockExceptionPage = (ctx: GraphContext, { code, state, skuIds }: ExceptionFilter, page: PageRequest): Promise<Page<StockExceptionRow>> => {
  const where = {
    tenantId: ctx.viewer.tenantId,
    ...(code !== undefined && { code }), ...(state !== undefined && { state }), ...(skuIds !== undefined && { skuId: { $in: [...skuIds] } }),
    ...(ctx.viewer.channels !== 'all' && { $or: [{ channelId: null }, { channelId: { $in: [...ctx.viewer.channels] } }] }),
  };
  return keysetPage<StockExceptionRow>(page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockException, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockException, where as object)));
};

export const stockExceptionById = defineLoader<string, StockExceptionRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.find(StockException, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(rows.map((row) => [row.id, row]));
});
