import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { acceptRefusal } from '../../domain/exception-actions.js';
import { OrderException } from '../../entities/order-exception.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from './advance-order.js';
import { settleException, WAIT_MINUTES } from './exceptions.js';
import { lockOrder } from './load-order.js';
import { note } from './timeline.js';

const LONGEST_REASON = 200;

export interface AcceptException { readonly exceptionId: string; readonly reason: string; readonly idempotencyKey: string }

/** A person agrees to what an exception tells of, and says why: the order goes on. One that is short waits for its goods. */
export function acceptException(ctx: GraphContext, input: AcceptException): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('accept-exception', (em) => once(em, ctx.viewer.tenantId, { mutation: 'acceptException', key: input.idempotencyKey, input }, async () => {
    const seen = await em.findOne(OrderException, { tenantId: ctx.viewer.tenantId, id: input.exceptionId as never }, { disableIdentityMap: true });
    const order = seen && await lockOrder(em, seen.orderId);
    if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('EXCEPTION_NOT_FOUND', 'exceptionId');
    const reason = input.reason.trim();
    if (reason === '' || reason.length > LONGEST_REASON) return refuse('REASON_INVALID', 'reason');
    // Read again under the order's lock: it may have been settled meanwhile.
    const exception = await em.findOneOrFail(OrderException, { id: seen!.id });
    const refusal = acceptRefusal({ ...exception, orderStatus: order.status }, (scope) => ctx.viewer.can(scope));
    if (refusal !== null) return refuse(refusal, 'exceptionId');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    const { code, subjects } = exception;
    exception.acceptedAt = change.at;
    note(em, order, change, 'EXCEPTION_ACCEPTED', { code, subjects, reason });
    if (code === 'STOCK_SHORT') exception.nextTryAt = new Date(change.at.getTime() + WAIT_MINUTES * 60_000);
    settleException(em, order, exception, code === 'STOCK_SHORT' ? 'WAITING' : 'RESOLVED', change);
    await advanceOrder(em, order, change);
    return { kind: 'done', orderId: order.id };
  }));
}
