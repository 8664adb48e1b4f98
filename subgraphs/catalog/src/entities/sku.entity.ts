import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export interface SkuOption { readonly name: string; readonly value: string }

export const Sku = defineEntity({
  name: 'Sku',
  tableName: 'sku',
  properties: {
    id: p.string().primary().$type<Id<'sku'>>(),
    tenantId: p.string(),
    productId: p.string().$type<Id<'prd'>>(),
    code: p.string(),
    title: p.string().nullable(),
    options: p.json<SkuOption[]>(),
    barcode: p.string().nullable(),
    weightGrams: p.integer().nullable(),
  },
});
export type SkuRow = InferEntity<typeof Sku>;
