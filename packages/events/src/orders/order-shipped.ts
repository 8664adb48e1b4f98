import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant, quantity } from '../fields.js';

export const orderShipped = defineEvent(
  'orders.order-shipped.v1',
  { summary: 'A parcel of an order is on its way: the channel is to be told its number, once, and its units leave the stock.', subject: (data) => data.orderId },
  z.object({
    orderId: id, connectionId: id, parcelId: id, externalOrderId: z.string().min(1),
    /** CHANNEL: it told us of the parcel itself, so nothing is to be written back. */
    by: z.enum(['US', 'CHANNEL']),
    /** Our code of the carrier: SF, ZTO, YTO, STO, YUNDA, EMS, DEPPON, ...; null where the channel shipped it and did not say. */
    carrier: z.string().max(32).nullable(),
    trackingNumber: z.string().max(64).nullable(),
    /** Which of the carrier's services, in its own words: `usps_priority_mail`. */
    service: z.string().max(64).nullable().optional(),
    lines: z.array(z.object({ lineId: id, externalLineId: z.string(), skuId: id, quantity })),
    /** Of these lines, units that are held by edits of the order and not by itself. */
    moreHolds: z.array(z.object({ key: id, lines: z.array(z.object({ skuId: id, quantity })).min(1) })).optional(),
    /** By which an order of our own was paid, where the platform wants to be told that it was sent. */
    payments: z.array(z.object({ paymentId: id, provider: z.enum(['WECHAT_PAY']) })).optional(),
    /** Of the receiver, masked (`+86-138****1234`) and sealed; row = parcel id, field = 'contact'. */
    sealedContact: z.string().nullable().optional(),
    /** Nothing of the order is left to ship. */
    complete: z.boolean(),
    shippedAt: instant,
    confirmedAt: instant.nullable(),
  }),
);
