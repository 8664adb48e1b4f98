import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { currency, id } from '../fields.js';

export const pointsTakenBack = defineEvent(
  'members.points-taken-back.v1',
  { summary: 'A part of the points earned for an order has been taken back, as that part of its money went back.', subject: (data) => data.memberId },
  z.object({
    memberId: id, orderId: id, connectionId: id,
    /** The refund that it follows from. */
    refundId: id,
    points: z.int().positive(), balance: z.int(), currency, lotId: id,
  }),
);
