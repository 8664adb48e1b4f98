import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { amounts, customer, id, instant } from '../fields.js';

export const orderBound = defineEvent(
  'orders.order-bound.v1',
  { summary: 'An order that a guest had placed belongs to a member from now on: points follow.', subject: (data) => data.orderId },
  z.object({
    orderId: id, connectionId: id, customer,
    /** What it was confirmed with; null while it is not. */
    confirmed: z.object({ amounts, confirmedAt: instant }).nullable(),
  }),
);
