import { z } from 'zod';
import { defineCall } from '../define-call.js';

/** Sets up a merchant with its owner and a partner key. Repeated with the same name and owner it answers the same tenant. */
export const createTenant = defineCall('access.create-tenant', {
  callers: ['operator'],
  input: z.object({
    name: z.string().min(1).max(200),
    timeZone: z.string().default('Asia/Shanghai'),
    baseCurrency: z.string().regex(/^[A-Z]{3}$/).default('CNY'),
    owner: z.object({ issuer: z.string(), subject: z.string(), name: z.string() }),
    /** The owner may also change and shut other merchants: it is they who run the house. */
    runsHouse: z.boolean().default(false),
    /** Only the hash is kept. */
    partnerKey: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), prefix: z.string().max(16), name: z.string() }).nullable(),
  }),
  output: z.object({ tenantId: z.string(), staffId: z.string() }),
});
