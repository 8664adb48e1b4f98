import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { amounts, customer, id, instant } from '../fields.js';

export const orderConfirmed = defineEvent(
  'orders.order-confirmed.v1',
  { summary: 'An order is paid and its stock is held: points may be earned and money booked.', subject: (data) => data.orderId },
  z.object({ orderId: id, connectionId: id, customer: customer.nullable(), amounts, paidAt: instant, /** The day of its figures. */ confirmedAt: instant.optional() }),
);
