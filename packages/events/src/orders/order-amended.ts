import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id, instant, minor } from '../fields.js';

export const orderAmended = defineEvent(
  'orders.order-amended.v1',
  { summary: 'What a confirmed order costs is another sum by now, and settled: more was paid, or less is owed. Books, points and figures take over the difference.', subject: (data) => data.orderId },
  z.object({
    orderId: id, connectionId: id,
    /** The edit that it follows from; once for each. */
    editId: z.string().min(1).max(96),
    currency, beforeMinor: minor, afterMinor: minor,
    /** The day of its figures. */
    confirmedAt: instant,
  }),
);
