import { replayParkedEventIn } from '@quanyu/calls';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { BridgeErrorCode } from '../errors.js';
import type { ParkedEventView, SubgraphName } from '../queries/parked-events.js';

export interface ReplayOutcome {
  /** Events of the subject that went through, this one and others. */
  readonly replayed: number;
  /** The event as it goes on waiting. */
  readonly waiting: ParkedEventView | null;
  readonly refusal: Refusal<BridgeErrorCode> | null;
}

/**
 * Has a subgraph try a parked event and what waits before and behind it once more. Its alert is closed by what that
 * subgraph tells in the same transaction, so that neither is without the other.
 */
export async function replayParkedEvent(ctx: GraphContext, { subgraph, eventId }: { readonly subgraph: SubgraphName; readonly eventId: string }): Promise<ReplayOutcome> {
  try {
    const { replayed, waiting } = await ctx.deps.calls.invoke(replayParkedEventIn(subgraph), { tenantId: ctx.viewer.tenantId, eventId });
    if (waiting !== null) return { replayed, waiting: { ...waiting, subgraph }, refusal: refuse('STILL_FAILING', 'eventId') };
    return { replayed, waiting: null, refusal: replayed === 0 ? refuse('NOT_PARKED', 'eventId') : null };
  } catch (error) {
    log.warn('a subgraph does not replay its parked events', { subgraph, eventId, error });
    return { replayed: 0, waiting: null, refusal: refuse('SUBGRAPH_UNAVAILABLE', 'subgraph') };
  }
}
