import { z } from 'zod';
import { defineCall } from '../define-call.js';

/**
 * Runs a partner's stored subscription document for one event: its root field as a read of the object that the event is
 * about, on the graph of partners, with the rights of a partner's key. Without an id it is only looked at. Reads alone, so
 * it may be asked again.
 */
export const runDocument = defineCall('gateway.run-document', {
  callers: ['bridge'],
  input: z.object({
    tenantId: z.string(), keyId: z.string(), document: z.string().max(16_384),
    /** Name of the type that its events are about. */
    about: z.string(),
    id: z.string().nullable(),
  }),
  output: z.discriminatedUnion('kind', [
    /** It may be run; nothing was. */
    z.object({ kind: z.literal('valid') }),
    z.object({ kind: z.literal('ran'), data: z.record(z.string(), z.unknown()) }),
    /** There is none, or the key may not see it. */
    z.object({ kind: z.literal('absent') }),
    /** It does not hold, or no more: the key has been revoked, a field is hidden, it costs too much. */
    z.object({ kind: z.literal('refused'), code: z.string(), message: z.string() }),
    /** It may hold the next time. */
    z.object({ kind: z.literal('failed'), code: z.string() }),
  ]),
});
