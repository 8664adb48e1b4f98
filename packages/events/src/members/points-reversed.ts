import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id } from '../fields.js';

export const pointsReversed = defineEvent(
  'members.points-reversed.v1',
  { summary: 'Points earned for an order have been taken back.', subject: (data) => data.memberId },
  z.object({
    memberId: id, orderId: id,
    /** The order's channel: who may not see it may not see this either. */
    connectionId: id,
    points: z.int().positive(), balance: z.int(), currency, lotId: id,
  }),
);
