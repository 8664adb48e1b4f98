import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const orderExceptionRaised = defineEvent(
  'orders.order-exception-raised.v1',
  { summary: 'An order needs a person before it can go on.', subject: (data) => data.orderId },
  z.object({
    exceptionId: id, orderId: id, connectionId: id,
    code: z.enum(['UNKNOWN_SKU', 'STOCK_SHORT', 'LINES_CHANGED', 'NO_LINES', 'BAD_QUANTITY', 'PAYMENT_DIFFERS', 'SHIPPED_EARLY', 'BAD_ADDRESS']),
    /** What the person needs: the channel's SKU names, or SKU ids; never personal data. */
    subjects: z.array(z.string()),
  }),
);
