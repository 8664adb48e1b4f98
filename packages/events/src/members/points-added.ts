import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id } from '../fields.js';

export const pointsAdded = defineEvent(
  'members.points-added.v1',
  { summary: 'An order costs more since it was edited, and the difference is paid: its buyer has points for that too.', subject: (data) => data.memberId },
  z.object({
    memberId: id, orderId: id, connectionId: id,
    /** The edit that it follows from. */
    editId: z.string().min(1).max(96),
    points: z.int().positive(), balance: z.int(), currency, lotId: id,
  }),
);
