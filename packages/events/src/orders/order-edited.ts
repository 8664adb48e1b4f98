import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, quantity } from '../fields.js';

export const orderEdited = defineEvent(
  'orders.order-edited.v1',
  { summary: 'A person changed the lines of an order that is not shipped: units that it wants no more are free again. What it wants more of was held before.', subject: (data) => data.orderId },
  z.object({
    orderId: id, connectionId: id, editId: id,
    /** By the key of the hold that they come from: the order itself, or an earlier edit. */
    released: z.array(z.object({ key: id, lines: z.array(z.object({ skuId: id, quantity })).min(1) })),
  }),
);
