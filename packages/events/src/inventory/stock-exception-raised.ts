import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const stockExceptionRaised = defineEvent(
  'inventory.stock-exception-raised.v1',
  { summary: 'Something in stock needs a person: it runs low, is short of what is held, differs from a count, or was not published.', subject: (data) => data.exceptionId },
  z.object({
    exceptionId: id,
    code: z.enum(['LOW_STOCK', 'STOCK_DEFICIT', 'STOCK_DRIFT', 'PUBLISH_FAILED']),
    skuId: id.nullable(),
    locationId: id.nullable(),
    /** The channel that it is about, for those who may only see some; null when it is about none. */
    connectionId: id.nullable(),
    /** Figures and ids to tell it with; never personal data. */
    figures: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);
