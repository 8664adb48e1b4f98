import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, quantity } from '../fields.js';

export const stockShort = defineEvent(
  'inventory.stock-short.v1',
  { summary: 'An order could not be held; nothing of it is. Lists only the SKUs that were short.', subject: (data) => data.orderId },
  z.object({ orderId: id, lines: z.array(z.object({ skuId: id, asked: quantity, available: z.int().nonnegative() })) }),
);
