import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, instant } from '../fields.js';

export const outsideOrderAcknowledged = defineEvent(
  'bridge.outside-order-acknowledged.v1',
  { summary: 'A system outside has an order of ours as its own sales order: available figures that it takes from now on leave its units out.', subject: (data) => data.orderId },
  z.object({ connectionId: id, orderId: id, externalOrderId: z.string().min(1).max(128), acknowledgedAt: instant }),
);
