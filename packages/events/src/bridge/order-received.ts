import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { amounts, customer, id, instant, minor } from '../fields.js';

/** One line as the channel tells it. */
export const receivedLine = z.object({
  externalLineId: z.string(),
  /** The channel's SKU text, else `variant:<id>`, else `title:<text>`. */
  externalSku: z.string().min(1),
  title: z.string(),
  /** As the channel says: what cannot be sold (0, -1, 2^31) is kept, and an exception of the order says so. */
  quantity: z.int(),
  unitPriceMinor: minor,
  discountMinor: minor,
  /** The channel's ids of the goods, where it tells them. */
  externalProductId: z.string().nullable().optional(),
  externalVariantId: z.string().nullable().optional(),
});

export const orderReceived = defineEvent(
  'bridge.order-received.v1',
  { summary: "A channel's order, normalised. Comes again with each update of it.", subject: (data) => `${data.connectionId}/${data.externalOrderId}` },
  z.object({
    connectionId: id,
    platform: z.string(),
    deliveryId: id,
    externalOrderId: z.string().min(1),
    /** The number that people use: `#1002`. */
    orderNumber: z.string(),
    placedAt: instant,
    /** The channel's own clock; older updates than what is known change nothing. */
    updatedAt: instant,
    paymentState: z.enum(['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'EXPIRED']),
    /** Set once the channel has cancelled the order. */
    cancelledAt: instant.nullable(),
    /** The platform's words for its own states, to show beside ours. */
    rawStatus: z.string(),
    amounts,
    lines: z.array(receivedLine),
    customer: customer.nullable(),
    /** Sealed JSON { name, phone, address1, address2, city, province, postalCode, countryCode }; row = external order id, field = 'shipTo'. */
    sealedShipTo: z.string().nullable(),
    /** How the buyer wishes it to be sent, in the channel's words; null where they said nothing, missing where the channel was not asked. */
    shippingMethod: z.string().nullable().optional(),
    /** Sealed JSON { buyer, gift, instructions, seller }, each a text or null; row = external order id, field = 'notes'. */
    sealedNotes: z.string().nullable().optional(),
  }),
);
