import { z } from 'zod';
import { defineCall } from '../define-call.js';

/**
 * Notes which client has asked for which fields on a day. The counts are those of one gateway since it began or since
 * the day did, so the same again, or an older one, changes nothing.
 */
export const noteFieldUsage = defineCall('access.note-field-usage', {
  callers: ['gateway'],
  input: z.object({
    tenantId: z.string(),
    /** Of one start of one gateway process. */
    gatewayId: z.string().max(40),
    day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
    counts: z.array(z.object({ client: z.string().min(1).max(80), field: z.string().min(1).max(200), requests: z.int().min(1) })).max(5_000),
  }),
  output: z.null(),
});
