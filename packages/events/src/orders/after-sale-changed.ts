import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const afterSaleChanged = defineEvent(
  'orders.after-sale-changed.v1',
  { summary: 'The state of an after-sale after any change; the highest sequence is the truth.', subject: (data) => data.afterSaleId },
  z.object({ afterSaleId: id, orderId: id, connectionId: id, kind: z.enum(['RETURN_AND_REFUND', 'REFUND_ONLY', 'EXCHANGE']), state: z.string() }),
);
