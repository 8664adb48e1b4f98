import { z } from 'zod';
import { defineCall } from '../define-call.js';

/**
 * The merchant of a shop that let our app in without being asked to by anybody here: made once, enabled, with the default
 * package and nobody in it. Idempotent by platform and shop.
 */
export const ensureTenant = defineCall('access.ensure-tenant', {
  callers: ['bridge'],
  input: z.object({ platform: z.string().min(1).max(40), shop: z.string().min(1).max(255), name: z.string().min(1).max(200) }),
  output: z.object({ tenantId: z.string() }),
});
