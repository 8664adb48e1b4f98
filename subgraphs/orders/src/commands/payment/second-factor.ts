import { redeemStepUp, type STEP_UP_ACTIONS } from '@quanyu/calls';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { OrdersErrorCode } from '../../errors.js';

export interface Guarded {
  readonly action: (typeof STEP_UP_ACTIONS)[number];
  /** Id of what it is done to. */
  readonly subject: string;
  readonly amount: { readonly minor: number; readonly currency: string } | null;
  /** The deed and its idempotency key: asked again it is the same use. */
  readonly use: string;
}
/** What a request brings for it. */
export interface StepUpToken { readonly stepUpToken?: string | null | undefined }

const LONGEST_TOKEN = 200;

/**
 * Has access use up the token that a person got for their second factor; null when it was good. Outside of any
 * transaction, and only where the deed would be done: one that is refused anyway costs no token.
 */
export async function secondFactorRefusal(ctx: GraphContext, { stepUpToken }: StepUpToken, guarded: Guarded): Promise<Refusal<OrdersErrorCode> | null> {
  const { viewer, deps } = ctx;
  // Programs have no second factor: whoever holds a partner key moves no money.
  if (viewer.kind !== 'staff' || !stepUpToken) return refuse('STEP_UP_REQUIRED', 'stepUpToken');
  if (stepUpToken.length > LONGEST_TOKEN) return refuse('STEP_UP_INVALID', 'stepUpToken');
  try {
    const answer = await deps.calls.invoke(redeemStepUp, { tenantId: viewer.tenantId, staffId: viewer.subjectId, token: stepUpToken, ...guarded });
    return answer.kind === 'redeemed' ? null : refuse(answer.code, 'stepUpToken');
  } catch (error) {
    log.warn('a second factor could not be looked at', { tenantId: viewer.tenantId, errorCode: 'STEP_UP_UNAVAILABLE', error });
    return refuse('STEP_UP_UNAVAILABLE', 'stepUpToken');
  }
}
