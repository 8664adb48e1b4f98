import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);
const text = z.string().nullable();

/**
 * What a system outside needs to pack an order or to count its goods, as the order stands now: `wait` while it is held or
 * an exception is open, `over` once there is nothing left to send. The address is sealed, row = order id, field 'shipTo';
 * so are the notes written with it, field 'notes'.
 */
export const orderToShip = defineCall('orders.order-to-ship', {
  callers: ['bridge'],
  input: z.object({ tenantId: id, orderId: id }),
  output: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('ship'),
      order: z.object({
        connectionId: id, platform: z.string(), externalOrderId: z.string(), orderNumber: z.string(), placedAt: z.iso.datetime(),
        currency: z.string(), discountMinor: z.int(), shippingMinor: z.int(), taxMinor: z.int(), totalMinor: z.int(),
        lines: z.array(z.object({ lineId: id, skuId: id, externalSku: z.string(), title: z.string(), quantity: z.int().positive(), unitPriceMinor: z.int() })),
        sealedShipTo: text, sealedNotes: text.optional(),
        /** For the rules that people keep at who ships, passed on as it came: how the buyer wishes it to be sent, in the channel's words. */
        shippingHints: z.object({ method: text }).optional(),
      }),
    }),
    z.object({ kind: z.literal('wait') }),
    z.object({ kind: z.literal('over') }),
  ]),
});
