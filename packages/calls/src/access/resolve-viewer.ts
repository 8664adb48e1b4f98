import { z } from 'zod';
import { defineCall } from '../define-call.js';

/** Who holds this verified identity or key: tenant, scopes and channels; null when nobody (any more). */
export const resolveViewer = defineCall('access.resolve-viewer', {
  callers: ['gateway'],
  input: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('staff'), issuer: z.string(), subject: z.string() }),
    z.object({ kind: z.literal('partner'), keyHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    /** For what is done in a partner's name while it does not ask itself. */
    z.object({ kind: z.literal('partner-key'), tenantId: z.string(), keyId: z.string() }),
  ]),
  output: z.object({
    kind: z.enum(['staff', 'partner']),
    tenantId: z.string(),
    subjectId: z.string(),
    scopes: z.array(z.string()),
    channels: z.union([z.literal('all'), z.array(z.string())]),
    name: z.string(),
  }).nullable(),
});
