import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);

/**
 * Products as anybody may see them, with what each SKU costs now in a currency: those that are named, or all of them in
 * pages by `after`. One that nobody has is left out; nothing is changed.
 */
export const tellProducts = defineCall('catalog.tell-products', {
  callers: ['bridge'],
  input: z.object({ tenantId: id, currency: z.string().regex(/^[A-Z]{3}$/), productIds: z.array(id).max(250).nullable(), after: z.string().max(64).default(''), first: z.int().min(1).max(250).default(250) }),
  output: z.object({
    products: z.array(z.object({
      productId: id, title: z.string(), brand: z.string().nullable(), status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
      skus: z.array(z.object({
        skuId: id, code: z.string(), title: z.string().nullable(), options: z.array(z.object({ name: z.string(), value: z.string() })), barcode: z.string().nullable(), weightGrams: z.int().nullable(),
        /** Minor units; null where it has no price in the currency now. */
        priceMinor: z.int().nullable(),
      })),
    })),
    next: z.string().nullable(),
  }),
});
