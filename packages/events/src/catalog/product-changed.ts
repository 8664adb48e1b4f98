import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const productChanged = defineEvent(
  'catalog.product-changed.v1',
  { summary: 'A product, one of its SKUs or one of their prices is no longer what it was; whoever keeps a copy asks anew.', subject: (data) => data.productId },
  z.object({ productId: id }),
);
