import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, quantity } from '../fields.js';

export const stockReserved = defineEvent(
  'inventory.stock-reserved.v1',
  { summary: 'All lines of an order are held.', subject: (data) => data.orderId },
  z.object({ orderId: id, reservationId: id, lines: z.array(z.object({ skuId: id, quantity, /** Where the units are; a SKU may come from several locations. */ locationId: id.optional() })) }),
);
