import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { Refund, type RefundRow } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { lockOrder } from '../life/load-order.js';
import { secondFactorRefusal, type Guarded, type StepUpToken } from './second-factor.js';
import { refundDone } from './send-refund.js';
import { ask, SEND_REFUND } from './settle-payment.js';
import type { Change } from '../life/timeline.js';

type Outcome = { readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>;
export interface RefundDeed extends StepUpToken { readonly refundId: string; readonly idempotencyKey: string }

interface Deed {
  readonly mutation: string;
  readonly action: Guarded['action'];
  readonly refusalOf: (refund: RefundRow) => OrdersErrorCode | null;
  readonly work: (em: EntityManager, order: SalesOrderRow, refund: RefundRow, change: Change) => Promise<void>;
}

/** Only where the deed would be done a second factor is asked for; in its transaction it is judged again. */
async function withRefund(ctx: GraphContext, { stepUpToken, ...input }: RefundDeed, { mutation, action, refusalOf, work }: Deed): Promise<Outcome> {
  const seen = await ctx.read((em) => em.findOne(Refund, { id: input.refundId as never }, { disableIdentityMap: true }));
  if (seen !== null && ctx.viewer.seesChannel(seen.connectionId) && refusalOf(seen) === null) {
    const refusal = await secondFactorRefusal(ctx, { stepUpToken }, { action, subject: seen.id, amount: { minor: seen.amountMinor, currency: seen.currency }, use: `${mutation} ${input.idempotencyKey}` });
    if (refusal !== null) return refusal;
  }
  return ctx.write('decide-refund', (em) => once(em, ctx.viewer.tenantId, { mutation, key: input.idempotencyKey, input }, async () => {
    const known = await em.findOne(Refund, { id: input.refundId as never }, { fields: ['orderId'], disableIdentityMap: true });
    const order = known && (await lockOrder(em, known.orderId));
    if (!order || !ctx.viewer.seesChannel(order.connectionId)) return refuse('REFUND_NOT_FOUND', 'refundId');
    const refund = await em.findOneOrFail(Refund, { id: input.refundId as never });
    const refusal = refusalOf(refund);
    if (refusal !== null) return refuse(refusal, 'refundId');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    await work(em, order, refund, change);
    await advanceOrder(em, order, change);
    return { kind: 'done', orderId: order.id };
  }));
}

/** A second person agrees to a large refund; who asked for it cannot. */
export const approveRefund = (ctx: GraphContext, input: RefundDeed): Promise<Outcome> => withRefund(ctx, input, {
  mutation: 'approveRefund', action: 'APPROVE_REFUND',
  refusalOf: ({ state, askedBy }) => (state !== 'TO_APPROVE' ? 'REFUND_STATE' : askedBy === ctx.viewer.subjectId ? 'SECOND_PERSON_REQUIRED' : null),
  work: (em, _order, refund, change) => {
    Object.assign(refund, { state: 'DUE', approvedBy: change.by.id, nextTryAt: change.at });
    if (refund.route === 'PROVIDER') ask(em, ctx.deps.jobs, SEND_REFUND, { tenantId: refund.tenantId, refundId: refund.id }, refund.id);
    return Promise.resolve();
  },
});

/** A person says that money went back by other means: in cash, by the channel, or where a platform had refused for good. */
export const recordRefund = (ctx: GraphContext, input: RefundDeed): Promise<Outcome> => withRefund(ctx, input, {
  mutation: 'recordRefund', action: 'RECORD_REFUND',
  refusalOf: ({ state, route }) => (state === 'FAILED' || (state === 'DUE' && route === 'OUTSIDE') ? null : 'REFUND_STATE'),
  work: refundDone,
});
