import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const orderChanged = defineEvent(
  'orders.order-changed.v1',
  { summary: 'The state of an order after any change; the highest sequence is the truth. Live views follow it.', subject: (data) => data.orderId },
  z.object({ orderId: id, connectionId: id, status: z.string() }),
);
