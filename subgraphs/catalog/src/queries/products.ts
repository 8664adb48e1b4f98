import { raw, type FilterQuery } from '@mikro-orm/core';
import type { Conditions } from '@quanyu/database';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { containing } from '../domain/search.js';
import { Product, type ProductRow } from '../entities/product.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface ProductFilter {
  readonly statuses?: readonly ProductRow['status'][];
  /** Text to look for in titles and SKU codes. */
  readonly query?: string;
}

const search = (pattern: string | null): FilterQuery<ProductRow> => (pattern === null ? {} : {
  $or: [{ title: { $ilike: pattern } }, { id: { $in: raw('(select s.product_id from sku s where s.code ilike ?)', [pattern]) } }],
} as FilterQuery<ProductRow>);

/** A page of products, newest first. */
export const productPage = (ctx: GraphContext, { statuses, query }: ProductFilter, page: PageRequest): Promise<Page<ProductRow>> => {
  const where = (bounds: object): FilterQuery<ProductRow> => ({ $and: [
    { tenantId: ctx.viewer.tenantId }, bounds, statuses ? { status: { $in: [...statuses] } } : {}, search(containing(query ?? '')),
  ] } as FilterQuery<ProductRow>);
  return keysetPage<ProductRow>(
    page,
    (bounds, orderBy, limit) => (query === undefined
      ? ctx.rows(Product, { ...bounds, ...(statuses && { status: statuses }) } as Conditions<ProductRow>, { orderBy, limit })
      : ctx.read((em) => em.find(Product, where(bounds), { ...READ_ONLY, orderBy, limit }))),
    () => ctx.read((em) => em.count(Product, where({}))));
};

export const productById = defineLoader<string, ProductRow>(async (ctx, ids) => {
  const products = await ctx.rows(Product, { id: ids as ProductRow['id'][] });
  return new Map(products.map((product) => [product.id, product]));
});
