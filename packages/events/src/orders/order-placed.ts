import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { customer, id, quantity } from '../fields.js';

export const orderPlaced = defineEvent(
  'orders.order-placed.v1',
  { summary: 'An order is known with all its SKUs and wants its stock.', subject: (data) => data.orderId },
  z.object({
    orderId: id,
    connectionId: id,
    customer: customer.nullable(),
    lines: z.array(z.object({ lineId: id, skuId: id, quantity })),
  }),
);
