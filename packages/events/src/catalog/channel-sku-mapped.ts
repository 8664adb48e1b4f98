import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelSkuMapped = defineEvent(
  'catalog.channel-sku-mapped.v1',
  { summary: "A channel's own name of a SKU now means this SKU of ours.", subject: (data) => `${data.connectionId}/${data.externalSku}` },
  z.object({
    connectionId: id,
    /** The channel's SKU text, else `variant:<id>`, else `title:<text>`. */
    externalSku: z.string().min(1),
    skuId: id,
  }),
);
