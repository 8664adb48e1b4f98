import { z } from 'zod';
import { defineCall } from '../define-call.js';

/** Deeds that ask for a second factor. */
export const STEP_UP_ACTIONS = ['REFUND', 'APPROVE_REFUND', 'RECORD_REFUND', 'EXPORT_ORDERS'] as const;

/**
 * Uses up a token that a person got for their second factor. It is good for one use of one deed to one thing and one
 * amount, for whom it was made. Idempotent by `use`: the same use again is redeemed again, any other is refused.
 */
export const redeemStepUp = defineCall('access.redeem-step-up', {
  callers: ['orders'],
  input: z.object({
    tenantId: z.string().min(1).max(64), staffId: z.string().min(1).max(64), token: z.string().min(1).max(200), use: z.string().min(1).max(400), action: z.enum(STEP_UP_ACTIONS),
    /** Id of what it is done to. */
    subject: z.string().min(1).max(64),
    /** Null where no money moves. */
    amount: z.object({ minor: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) }).nullable(),
  }),
  output: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('redeemed') }),
    /** INVALID: unknown, somebody else's, or made for another deed, thing or amount. */
    z.object({ kind: z.literal('refused'), code: z.enum(['STEP_UP_INVALID', 'STEP_UP_EXPIRED', 'STEP_UP_USED']) }),
  ]),
});
