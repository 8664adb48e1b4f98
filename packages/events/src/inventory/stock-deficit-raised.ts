import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, quantity } from '../fields.js';

export const stockDeficitRaised = defineEvent(
  'inventory.stock-deficit-raised.v1',
  { summary: 'A count or an outside snapshot has found less than is promised: some orders have to be released, or wait for goods.', subject: (data) => data.stockLevelId },
  z.object({
    stockLevelId: id, skuId: id, locationId: id, bucket: z.string(),
    /** Units that are promised and not there. */
    deficit: z.int().positive(),
    /** The newest holds, as many as the deficit needs (200 at most): an order's id, or another caller's key. */
    holds: z.array(z.object({ key: z.string(), quantity })),
  }),
);
