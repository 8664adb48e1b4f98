import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const orderCancelled = defineEvent(
  'orders.order-cancelled.v1',
  { summary: 'An order has ended without being delivered: holds are released; points and postings, if any, are reversed.', subject: (data) => data.orderId },
  z.object({ orderId: id, connectionId: id, reason: z.enum(['CANCELLED_BY_CHANNEL', 'VOIDED', 'REFUNDED']), wasConfirmed: z.boolean() }),
);
