import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const alertRaised = defineEvent(
  'bridge.alert-raised.v1',
  { summary: 'Somebody should look at something.', subject: (data) => data.alertId },
  z.object({
    alertId: id, code: z.string(), severity: z.enum(['WARNING', 'CRITICAL']), subject: z.string(),
    /** The channel it belongs to, for those who may only see some; null when to none. */
    connectionId: id.nullable(),
  }),
);
