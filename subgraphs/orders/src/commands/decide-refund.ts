import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../domain/actor.js';
import { Refund, type RefundRow } from '../entities/payment.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { advanceOrder } from './advance-order.js';
import { lockOrder } from './load-order.js';
import { refundDone } from './send-refund.js';
import { ask, SEND_REFUND } from './settle-payment.js';
import type { Change } from './timeline.js';

type Outcome = { readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>;
export interface RefundDeed { readonly refundId: string; readonly idempotencyKey: string }

function withRefund(ctx: GraphContext, mutation: string, input: RefundDeed, work: (em: EntityManager, order: SalesOrderRow, refund: RefundRow, change: Change) => Promise<Refusal<OrdersErrorCode> | null>): Promise<Outcome> {
  return ctx.write('decide-refund', (em) => once(em, ctx.viewer.tenantId, { mutation, key: input.idempotencyKey, input }, async () => {
    const known = await em.findOne(Refund, { id: input.refundId as never }, { fields: ['orderId'], disableIdentityMap: true });
    const order = known && (await lockOrder(em, known.orderId));
    if (!order || !ctx.viewer.seesChannel(order.connectionId)) return refuse('REFUND_NOT_FOUND', 'refundId');
    const refund = await em.findOneOrFail(Refund, { id: input.refundId as never });
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    const refusal = await work(em, order, refund, change);
    if (refusal !== null) return refusal;
    await advanceOrder(em, order, change);
    return { kind: 'done', orderId: order.id };
  }));
}

/** A second person agrees to a large refund; who asked for it cannot. */
export const approveRefund = (ctx: GraphContext, input: RefundDeed): Promise<Outcome> => withRefund(ctx, 'approveRefund', input, (em, _order, refund, change) => {
  if (refund.state !== 'TO_APPROVE') return Promise.resolve(refuse('REFUND_STATE', 'refundId'));
  if (refund.askedBy === change.by.id) return Promise.resolve(refuse('SECOND_PERSON_REQUIRED', 'refundId'));
  Object.assign(refund, { state: 'DUE', approvedBy: change.by.id, nextTryAt: change.at });
  if (refund.route === 'PROVIDER') ask(em, ctx.deps.jobs, SEND_REFUND, { tenantId: refund.tenantId, refundId: refund.id }, refund.id);
  return Promise.resolve(null);
});

/** A person says that money went back by other means: in cash, by the channel, or where a platform had refused for good. */
export const recordRefund = (ctx: GraphContext, input: RefundDeed): Promise<Outcome> => withRefund(ctx, 'recordRefund', input, async (em, order, refund, change) => {
  if (!(refund.state === 'FAILED' || (refund.state === 'DUE' && refund.route === 'OUTSIDE'))) return refuse('REFUND_STATE', 'refundId');
  await refundDone(em, order, refund, change);
  return null;
});
