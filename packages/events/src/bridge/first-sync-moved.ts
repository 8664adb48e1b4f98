import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id } from '../fields.js';

export const firstSyncMoved = defineEvent(
  'bridge.first-sync-moved.v1',
  { summary: 'The first reading of a shop as a whole has come further, for those who watch it.', subject: (data) => data.connectionId },
  z.object({ connectionId: id, step: z.string(), state: z.string(), count: z.int().nonnegative() }),
);
