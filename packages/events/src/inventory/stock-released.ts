import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const stockReleased = defineEvent(
  'inventory.stock-released.v1',
  { summary: "An order's hold has ended and its units can be sold again.", subject: (data) => data.orderId },
  z.object({ orderId: id, reservationId: id, reason: z.enum(['ORDER_CANCELLED', 'EXPIRED', 'GIVEN_BACK']) }),
);
