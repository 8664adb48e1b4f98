import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant, quantity } from '../fields.js';

export const parcelPacked = defineEvent(
  'bridge.parcel-packed.v1',
  { summary: 'A system that ships for us has packed a parcel of an order. Comes again and late without harm: a number is one parcel of its order.', subject: (data) => data.orderId },
  z.object({
    /** The system that packed it, not the channel of the order. */
    connectionId: id,
    orderId: id,
    /** Our code of the carrier. */
    carrier: z.string().regex(/^[A-Z0-9_]{2,32}$/),
    trackingNumber: z.string().min(1).max(64),
    /** Which of the carrier's services, in its own words. */
    service: z.string().max(64).nullable().optional(),
    /** Lines of ours that it holds; null for all that is left. */
    lines: z.array(z.object({ lineId: id, quantity })).nullable(),
    shippedAt: instant,
  }),
);
