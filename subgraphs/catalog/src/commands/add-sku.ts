import { productChanged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { isTitle } from '../domain/title.js';
import { Product } from '../entities/product.entity.js';
import type { CatalogErrorCode } from '../errors.js';
import { insertSkus, judgeSkus, type NewSku } from './insert-skus.js';

export interface AddSku { readonly productId: string; readonly sku: NewSku; readonly idempotencyKey: string }

export type SkuAdded = { readonly kind: 'added'; readonly skuId: string };

export function addSku(ctx: GraphContext, input: AddSku): Promise<SkuAdded | Refusal<CatalogErrorCode>> {
  const { tenantId } = ctx.viewer;
  const { productId, sku, idempotencyKey: key } = input;
  return ctx.write('add-sku', (em) => once<SkuAdded | Refusal<CatalogErrorCode>>(em, tenantId, { mutation: 'addSku', key, input }, async () => {
    if (sku.title !== null && !isTitle(sku.title)) return refuse('TITLE_INVALID', 'title');
    const product = await em.findOne(Product, { tenantId, id: productId as never });
    if (product === null) return refuse('PRODUCT_NOT_FOUND', 'productId');
    const fault = await judgeSkus(em, tenantId, [sku]);
    if (fault !== null) return refuse(fault.code, fault.field);
    const [skuId] = await insertSkus(em, product, [sku]);
    record(em, productChanged({ tenantId, sequence: 1, data: { productId: product.id } }));
    return { kind: 'added', skuId: skuId! };
  }));
}
