import { z } from 'zod';
import { defineCall } from '../define-call.js';

/** Whether a tenant's people are let in: it is enabled, its end has not come, and it is not deleted. For who knows them from elsewhere. */
export const tenantIsOpen = defineCall('access.tenant-is-open', {
  callers: ['gateway'],
  input: z.object({ tenantId: z.string().min(1).max(64) }),
  output: z.boolean(),
});
