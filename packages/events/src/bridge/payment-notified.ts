import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, instant, minor } from '../fields.js';

export const paymentNotified = defineEvent(
  'bridge.payment-notified.v1',
  { summary: 'A payment platform has told, signed, what became of a payment that we started. Comes again and late without harm.', subject: (data) => data.paymentId },
  z.object({
    /** Ours, as `bridge.start-payment` was given it. */
    paymentId: id,
    outcome: z.enum(['PAID', 'CLOSED']),
    amountMinor: minor,
    currency,
    /** The platform's own id of the transaction. */
    providerReference: z.string().min(1).max(128),
    occurredAt: instant,
  }),
);
