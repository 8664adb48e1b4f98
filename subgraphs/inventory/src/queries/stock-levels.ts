import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { StockLevel, type StockLevelRow } from '../entities/stock-level.entity.js';
import { Location, type LocationRow } from '../entities/location.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface LevelFilter {
  readonly skuIds?: readonly string[] | undefined;
  readonly locationIds?: readonly string[] | undefined;
  readonly bucket?: string | undefined;
  readonly inDeficit?: boolean | undefined;
}

/** A page of the tenant's stock levels, newest first. */
export const stockLevelPage = (ctx: GraphContext, filter: LevelFilter, page: PageRequest): Promise<Page<StockLevelRow>> => {
  const { skuIds, locationIds, bucket, inDeficit } = filter;
  const where = {
    tenantId: ctx.viewer.tenantId,
    ...(skuIds !== undefined && { skuId: { $in: [...skuIds] } }), ...(locationIds !== undefined && { locationId: { $in: [...locationIds] as never } }),
    ...(bucket !== undefined && { bucket }), ...(inDeficit === true && { deficit: { $gt: 0 } }),
  };
  return keysetPage<StockLevelRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(StockLevel, { ...where, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(StockLevel, where)));
};

/** All levels of a SKU. */
export const levelsBySku = defineListLoader<string, StockLevelRow>(
  (ctx, skuIds) => ctx.rows(StockLevel, { skuId: skuIds }, { orderBy: { id: 'asc' } }),
  (level) => level.skuId);

export const levelById = defineLoader<string, StockLevelRow>(async (ctx, ids) => {
  const levels = await ctx.rows(StockLevel, { id: ids as StockLevelRow['id'][] });
  return new Map(levels.map((level) => [level.id, level]));
});

export const locationById = defineLoader<string, LocationRow>(async (ctx, ids) => {
  const locations = await ctx.rows(Location, { id: ids as LocationRow['id'][] });
  return new Map(locations.map((location) => [location.id, location]));
});

export const locationPage = (ctx: GraphContext, page: PageRequest): Promise<Page<LocationRow>> => keysetPage<LocationRow>(
  page,
  (bounds, orderBy, limit) => ctx.read((em) => em.find(Location, { tenantId: ctx.viewer.tenantId, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
  () => ctx.read((em) => em.count(Location, { tenantId: ctx.viewer.tenantId })));

export interface HoldToRelease { readonly key: string; readonly quantity: number }

/** The newest holds of levels in deficit, as many as each needs. */
export const holdsToRelease = defineLoader<string, readonly HoldToRelease[]>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; holds: HoldToRelease[] }[]>(
    'select id, holds_to_release(id, deficit) as holds from stock_level where tenant_id = ? and deficit > 0 and id in (select jsonb_array_elements_text(?::jsonb))', [ctx.viewer.tenantId, JSON.stringify(ids)]));
  return new Map(rows.map(({ id, holds }) => [id, holds]));
});
