import { productChanged } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isTitle } from '../domain/title.js';
import { Product, type ProductRow } from '../entities/product.entity.js';
import type { CatalogErrorCode } from '../errors.js';
import { insertSkus, judgeSkus, type NewSku } from './insert-skus.js';

export interface CreateProduct extends Pick<ProductRow, 'title' | 'brand' | 'kind' | 'status'> {
  readonly skus: readonly NewSku[];
  readonly idempotencyKey: string;
}

export type ProductCreated = { readonly kind: 'created'; readonly productId: string };

/** Makes a product with its SKUs: all of them or nothing. */
export function createProduct(ctx: GraphContext, input: CreateProduct): Promise<ProductCreated | Refusal<CatalogErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { title, brand, kind, status, skus, idempotencyKey: key } = input;
  return ctx.write('create-product', (em) => once<ProductCreated | Refusal<CatalogErrorCode>>(em, tenantId, { mutation: 'createProduct', key, input }, async () => {
    if (!isTitle(title)) return refuse('TITLE_INVALID', 'title');
    const untitled = skus.findIndex((sku) => sku.title !== null && !isTitle(sku.title));
    if (untitled !== -1) return refuse('TITLE_INVALID', 'skus', String(untitled), 'title');
    const fault = await judgeSkus(em, tenantId, skus);
    if (fault !== null) return refuse(fault.code, 'skus', String(fault.index), fault.field);
    const product = em.create(Product, { id: newId('prd'), tenantId, title, brand, kind, status });
    await insertSkus(em, product, skus);
    // A new SKU tells of its product as well.
    if (skus.length === 0) record(em, productChanged({ tenantId, sequence: 1, data: { productId: product.id } }));
    return { kind: 'created', productId: product.id };
  }));
}
