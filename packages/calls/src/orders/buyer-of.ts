import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);

/**
 * Whom an order is told to, and where it stands; null where there is none. Everything personal is sealed: the address with
 * row = order id, field 'shipTo', the customer with row = `externalId`, field 'customer'.
 */
export const buyerOf = defineCall('orders.buyer-of', {
  callers: ['bridge'],
  input: z.object({ tenantId: id, orderId: id }),
  output: z.object({
    order: z.object({
      orderNumber: z.string(), status: z.string(), currency: z.string(), totalMinor: z.int(), sealedShipTo: z.string().nullable(),
      customer: z.object({ externalId: z.string(), sealed: z.string() }).nullable(),
    }).nullable(),
  }),
});
