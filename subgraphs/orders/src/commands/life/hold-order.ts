import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from './advance-order.js';
import { actionable, lockOrder } from './load-order.js';
import { note } from './timeline.js';

const LONGEST_REASON = 200;

/** Stops an order, or lets it go on: one on hold is not shipped. */
export function setHold(ctx: GraphContext, input: { readonly orderId: string; readonly hold: boolean; readonly reason?: string | null; readonly idempotencyKey: string }): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('hold-order', (em) => once(em, ctx.viewer.tenantId, { mutation: 'holdOrder', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), input.hold ? 'HOLD' : 'RELEASE');
    if (refusal !== null) return refuse(refusal, 'orderId');
    if (input.hold && (!input.reason || input.reason.length > LONGEST_REASON)) return refuse('REASON_INVALID', 'reason');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    order.onHold = input.hold;
    order.holdReason = input.hold ? input.reason! : null;
    note(em, order, change, input.hold ? 'HELD' : 'RELEASED');
    await advanceOrder(em, order, change);
    return { kind: 'done', orderId: order.id };
  }));
}
