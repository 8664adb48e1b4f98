import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const channelGapFound = defineEvent(
  'orders.channel-gap-found.v1',
  { summary: 'A shop counts orders as open that we do not know. A gap that becomes worse, or better, is another one.', subject: (data) => data.gapId },
  z.object({ gapId: id, connectionId: id, severity: z.enum(['WARNING', 'CRITICAL']), open: z.int().nonnegative(), missing: z.int().positive(), /** Whether they are read again by themselves. */ autoRepair: z.boolean() }),
);
