import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { StockLevel, type StockLevelRow } from '../entities/stock-level.entity.js';
import { Location, type LocationRow } from '../entities/location.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** A page of the tenant's stock levels, newest first. */
export const stockLevelPage = (ctx: GraphContext, filter: { readonly skuIds: readonly string[] | null }, page: PageRequest): Promise<Page<StockLevelRow>> => {
  const where = { tenantId: ctx.viewer.tenantId, ...(filter.skuIds !== null && { skuId: { $in: [...filter.skuIds] } }) };
  return keysetPage<StockLevelRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockLevel, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockLevel, where)));
};

/** All levels of a SKU. */
export const levelsBySku = defineListLoader<string, StockLevelRow>(
  (ctx, skuIds) => ctx.read((em) => em.find(StockLevel, { tenantId: ctx.viewer.tenantId, skuId: { $in: [...skuIds] } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (level) => level.skuId);

export const levelById = defineLoader<string, StockLevelRow>(async (ctx, ids) => {
  const levels = await ctx.read((em) => em.find(StockLevel, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(levels.map((level) => [level.id, level]));
});

export const locationById = defineLoader<string, LocationRow>(async (ctx, ids) => {
  const locations = await ctx.read((em) => em.find(Location, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(locations.map((location) => [location.id, location]));
});
