import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';

export const PRODUCT_KINDS = ['PHYSICAL', 'VIRTUAL'] as const;
export const PRODUCT_STATUSES = ['ACTIVE', 'DRAFT', 'ARCHIVED'] as const;

export const Product = defineEntity({
  name: 'Product',
  tableName: 'product',
  properties: {
    id: p.string().primary().$type<Id<'prd'>>(),
    tenantId: p.string(),
    title: p.string(),
    brand: p.string().nullable(),
    kind: p.enum(PRODUCT_KINDS),
    status: p.enum(PRODUCT_STATUSES),
    createdAt: p.datetime().defaultRaw('app_now()'),
  },
});
export type ProductRow = InferEntity<typeof Product>;
