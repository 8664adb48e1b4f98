import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const skuCreated = defineEvent(
  'catalog.sku-created.v1',
  { summary: 'A SKU can be sold; its code is what channels name it by unless a mapping says otherwise.', subject: (data) => data.skuId },
  z.object({ skuId: id, productId: id, code: z.string().min(1) }),
);
