import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const stockExceptionResolved = defineEvent(
  'inventory.stock-exception-resolved.v1',
  { summary: 'What needed a person in stock is over.', subject: (data) => data.exceptionId },
  z.object({ exceptionId: id, code: z.string(), skuId: id.nullable(), locationId: id.nullable(), connectionId: id.nullable() }),
);
