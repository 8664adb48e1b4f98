import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const orderCancelled = defineEvent(
  'orders.order-cancelled.v1',
  { summary: 'An order has ended without being delivered: holds are released; points and postings, if any, are reversed.', subject: (data) => data.orderId },
  z.object({ orderId: id, connectionId: id, reason: z.enum(['CANCELLED_BY_CHANNEL', 'VOIDED', 'REFUNDED', 'PAYMENT_TIMEOUT', 'CANCELLED_BY_BUYER', 'CANCELLED_BY_STAFF', 'STOCK_SHORT', 'LATE_PAYMENT']), wasConfirmed: z.boolean(), /** Keys of holds beside the order's own, made by edits of it. */ moreHolds: z.array(id).optional() }),
);
