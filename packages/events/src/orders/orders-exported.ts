import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const ordersExported = defineEvent(
  'orders.orders-exported.v1',
  { summary: 'Somebody of the staff has orders written to a file with names, phones and addresses sealed for others: it is kept in the audit log.', subject: (data) => data.exportId },
  z.object({
    exportId: id, staffId: id, reason: z.string().max(200),
    /** The public keys that it is sealed for. */
    recipients: z.array(z.string().max(100)).min(1),
    orders: z.int().nonnegative(),
    /** Null: all of the tenant's. */
    channelIds: z.array(id).nullable(),
  }),
);
