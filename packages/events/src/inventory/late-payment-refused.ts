import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const latePaymentRefused = defineEvent(
  'inventory.late-payment-refused.v1',
  { summary: 'A payment came when the hold had ended and nothing could be held again: it has to be refunded. Told once an order.', subject: (data) => data.orderId },
  z.object({
    orderId: id, reservationId: id,
    /** SOLD_OUT: others have it. BUCKET_CLOSED, MEMBER_LIMIT: the activity sells it no more, or not to this member. ORDER_CANCELLED, GIVEN_BACK: it was released before. */
    reason: z.enum(['SOLD_OUT', 'BUCKET_CLOSED', 'MEMBER_LIMIT', 'ORDER_CANCELLED', 'GIVEN_BACK']),
  }),
);
