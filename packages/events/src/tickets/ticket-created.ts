import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const ticketCreated = defineEvent(
  'tickets.ticket-created.v1',
  { summary: 'A service ticket has been opened.', subject: (data) => data.ticketId },
  z.object({ ticketId: id, orderId: id.nullable(), kind: z.string() }),
);
