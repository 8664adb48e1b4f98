import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const publishChanged = defineEvent(
  'inventory.publish-changed.v1',
  { summary: 'A channel is to show this quantity of a SKU from now on; the highest sequence is the truth.', subject: (data) => `${data.connectionId}/${data.skuId}` },
  z.object({
    connectionId: id,
    skuId: id,
    quantity: z.int().nonnegative(),
    /** What the channel was told before; null when nothing. Equal to `quantity` when a telling is repeated. */
    previous: z.int().nonnegative().nullable(),
  }),
);
