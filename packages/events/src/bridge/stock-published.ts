import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const stockPublished = defineEvent(
  'bridge.stock-published.v1',
  { summary: "What became of telling a channel a SKU's quantity, after all tries.", subject: (data) => `${data.connectionId}/${data.skuId}` },
  z.object({
    connectionId: id,
    skuId: id,
    /** The sequence of the `inventory.publish-changed.v1` that it answers. */
    publishSequence: z.int().positive(),
    outcome: z.enum(['ACCEPTED', 'FAILED']),
    /** A short code, never the platform's text; null when accepted. */
    failureCode: z.string().max(64).nullable(),
  }),
);
