import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const stockLevelChanged = defineEvent(
  'inventory.stock-level-changed.v1',
  { summary: 'The state of a SKU at a location after a change; the highest sequence is the truth.', subject: (data) => data.stockLevelId },
  z.object({
    stockLevelId: id, skuId: id, locationId: id,
    /** MAIN, or the activity that the units were set aside for. */
    bucket: z.string().default('MAIN'),
    onHand: z.int(), reserved: z.int(), available: z.int(),
  }),
);
