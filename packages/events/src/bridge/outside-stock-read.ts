import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant } from '../fields.js';

export const outsideStockRead = defineEvent(
  'bridge.outside-stock-read.v1',
  { summary: 'What a system outside counts at a location that follows it: a page of all, or the SKUs that changed. Comes again and late without harm.', subject: (data) => `${data.connectionId}/${data.locationId}` },
  z.object({
    connectionId: id,
    /** Our location. */
    locationId: id,
    /** When the figures were true there; older ones than known change nothing. */
    takenAt: instant,
    /** On hand, or available, as the location's setting says; a SKU once. */
    figures: z.array(z.object({ skuId: id, quantity: z.int().min(0).max(1_000_000_000) })).min(1).max(500),
  }),
);
