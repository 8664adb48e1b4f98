import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { mayBecome, type DeliveryState } from '../../domain/delivery-state.js';
import type { BridgeErrorCode } from '../../errors.js';
import { dispatchDelivery } from './dispatch-delivery.js';

export type Replayed = { readonly kind: 'replayed'; readonly connectionId: string };

/** Has a delivery worked on once more, as if it had just come. */
export async function replayDelivery(ctx: GraphContext, deliveryId: string): Promise<Replayed | Refusal<BridgeErrorCode>> {
  const { tenantId } = ctx.viewer;
  const result = await ctx.write<Replayed | Refusal<BridgeErrorCode>>('replay-delivery', async (em) => {
    const [row] = await em.execute<{ state: DeliveryState; connection_id: string; has_body: boolean }[]>(
      'select state, connection_id, sealed_body is not null as has_body from delivery where id = ? for update', [deliveryId]);
    if (row === undefined || !ctx.viewer.seesChannel(row.connection_id)) return refuse('DELIVERY_NOT_FOUND', 'deliveryId');
    if (!mayBecome(row.state, 'RECEIVED')) return refuse('DELIVERY_IN_PROGRESS', 'deliveryId');
    if (!row.has_body) return refuse('DELIVERY_BODY_GONE', 'deliveryId');
    // A replay is wanted although its like may wait: with a key of its own it is not taken for the same.
    await em.execute(
      `update delivery set state = case when signed then 'VERIFIED' else 'RECEIVED' end, reason_code = null, reason_path = null, attempts = 0, done_at = null, changed_at = app_now(),
         dedupe_key = coalesce(dedupe_key, 'replay ' || id) where id = ?`, [deliveryId]);
    return { kind: 'replayed', connectionId: row.connection_id };
  });
  if (result.kind === 'replayed') await dispatchDelivery(ctx.deps.jobs, { deliveryId, tenantId, connectionId: result.connectionId });
  return result;
}
