import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

export const orderExceptionRaised = defineEvent(
  'orders.order-exception-raised.v1',
  { summary: 'An order needs a person before it can go on.', subject: (data) => data.orderId },
  z.object({
    exceptionId: id, orderId: id, connectionId: id,
    code: z.enum(['UNKNOWN_SKU', 'STOCK_SHORT', 'LINES_CHANGED', 'NO_LINES', 'BAD_QUANTITY', 'PAYMENT_DIFFERS', 'SHIPPED_EARLY', 'BAD_ADDRESS']),
    /** What the person needs: the channel's SKU names, or SKU ids; never personal data. */
    subjects: z.array(z.string()),
  }),
);

/** What the first version's list of codes cannot name; an exception is told by one of the two, never by both. */
export const orderExceptionRaised2 = defineEvent(
  'orders.order-exception-raised.v2',
  { summary: 'An order needs a person before it can go on, for a reason that the first version does not know.', subject: (data) => data.orderId },
  z.object({ exceptionId: id, orderId: id, connectionId: id, code: z.string().min(1), subjects: z.array(z.string()) }),
);

type Named = EventOf<typeof orderExceptionRaised>['data']['code'];
const NAMED: ReadonlySet<string> = new Set(orderExceptionRaised.schema.shape.code.options);
/** Whether the first version can tell of it. */
export const isNamedException = (code: string): code is Named => NAMED.has(code);
