import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);
const state = z.enum(['HELD', 'CONFIRMED', 'CONSUMED', 'RELEASED', 'EXPIRED']);
/** Some of it: a parcel, a return. The same reference again changes nothing. Null for all of it. */
const part = z.object({ reference: z.string().min(1).max(128), lines: z.array(z.object({ skuId: id, quantity: z.number() })) }).nullable().default(null);

/**
 * Decides what becomes of a reservation. Each deed is safe to repeat.
 * CONFIRM: it is paid; where its hold had ended it is held again if there is enough, else the answer is `refund`.
 * EXTEND: a payment is in progress; at most five minutes, and once: again it answers the end that it has. RELEASE: given back. CONSUME: shipped.
 */
export const settleReservation = defineCall('inventory.settle-reservation', {
  callers: ['orders'],
  input: z.discriminatedUnion('deed', [
    z.object({ deed: z.literal('CONFIRM'), tenantId: id, key: z.string().min(1).max(128) }),
    z.object({ deed: z.literal('EXTEND'), tenantId: id, key: z.string().min(1).max(128), minutes: z.number().default(5) }),
    z.object({ deed: z.literal('RELEASE'), tenantId: id, key: z.string().min(1).max(128), part, reason: z.enum(['ORDER_CANCELLED', 'GIVEN_BACK']).default('GIVEN_BACK') }),
    z.object({ deed: z.literal('CONSUME'), tenantId: id, key: z.string().min(1).max(128), part }),
  ]),
  output: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('done'), reservationId: id.nullable(), state, expiresAt: z.iso.datetime().nullable(), replay: z.boolean() }),
    /** The payment has to be given back. */
    z.object({ kind: z.literal('refund'), reason: z.string() }),
    z.object({ kind: z.literal('refused'), code: z.string(), retryable: z.boolean() }),
  ]),
});
