import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const orderExceptionResolved = defineEvent(
  'orders.order-exception-resolved.v1',
  { summary: 'What held an order up is gone.', subject: (data) => data.orderId },
  z.object({ exceptionId: id, orderId: id, connectionId: id, code: z.string() }),
);
