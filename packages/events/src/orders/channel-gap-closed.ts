import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelGapClosed = defineEvent(
  'orders.channel-gap-closed.v1',
  { summary: 'All orders that a shop counts as open are known here again, or the gap is another one by now.', subject: (data) => data.gapId },
  z.object({ gapId: id, connectionId: id, severity: z.enum(['WARNING', 'CRITICAL']) }),
);
