import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, instant, minor } from '../fields.js';

export const refundPaid = defineEvent(
  'orders.refund-paid.v1',
  { summary: 'Money of an order has gone back to the buyer: points and postings follow, unless the order was cancelled as a whole, which is told by its own event.', subject: (data) => data.orderId },
  z.object({
    orderId: id, connectionId: id, refundId: id,
    /** The after-sale that it settles; null when the order was cancelled, paid twice, or paid too late. */
    afterSaleId: id.nullable(),
    currency,
    amountMinor: minor.positive(),
    /** What had gone back before it for after-sales of the order, so that shares of points round once: the sum is judged, not each part. */
    refundedBeforeMinor: minor.nonnegative(),
    totalMinor: minor,
    confirmedAt: instant.nullable(),
  }),
);
