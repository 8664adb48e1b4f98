import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);

/** What SKUs cost now in a currency, with what an order keeps of them. One that nobody has is left out; nothing is changed. */
export const offerSkus = defineCall('catalog.offer-skus', {
  callers: ['orders'],
  input: z.object({ tenantId: id, currency: z.string().regex(/^[A-Z]{3}$/), skuIds: z.array(id).min(1).max(500), /** Whose own floors go before the general ones. */ connectionId: id.optional() }),
  output: z.object({
    skus: z.array(z.object({
      skuId: id, code: z.string(), title: z.string(), weightGrams: z.int().nullable(),
      /** Minor units; null where it has no price in the currency now. */
      unitPriceMinor: z.int().nullable(),
      /** Below which a unit is not to be sold there; null where nobody has said. */
      floorMinor: z.int().nullable().optional(),
    })),
  }),
});
