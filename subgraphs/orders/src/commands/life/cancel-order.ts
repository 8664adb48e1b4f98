import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import type { EndReason } from '../../domain/order-state.js';
import { refundable } from '../../domain/refundable.js';
import { Payment, type PaymentRow } from '../../entities/payment.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from './advance-order.js';
import { actionable, lockOrder } from './load-order.js';
import { needsSecondPerson } from '../payment/four-eyes.js';
import { oweRefund } from '../payment/owe-refund.js';
import { secondFactorRefusal, type StepUpToken } from '../payment/second-factor.js';
import { ask, SEND_REFUND } from '../payment/settle-payment.js';
import { isTheirs } from '../payment/start-payment.js';
import type { Change } from './timeline.js';

export const CLOSE_PAYMENT = 'orders.close-payment';

type Outcome = { readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>;

/** The buyer or a person of the staff gives an order up before it is shipped; what was paid goes back. Of staff that asks for a second factor. */
export async function cancelOrder(ctx: GraphContext, { stepUpToken, ...input }: StepUpToken & { readonly orderId: string; readonly idempotencyKey: string }): Promise<Outcome> {
  const owed = ctx.viewer.kind === 'member' ? null : await owedWhenCancelled(ctx, input.orderId);
  if (owed !== null) {
    const refusal = await secondFactorRefusal(ctx, { stepUpToken }, { action: 'REFUND', subject: input.orderId, amount: owed, use: `cancelOrder ${input.idempotencyKey}` });
    if (refusal !== null) return refusal;
  }
  return ctx.write('cancel-order', (em) => once(em, ctx.viewer.tenantId, { mutation: 'cancelOrder', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), 'CANCEL');
    if (refusal !== null) return refuse(refusal, 'orderId');
    // It was paid, or paid back, since it was looked at: what the token says is not what would go back.
    if (ctx.viewer.kind !== 'member' && refundable(order) !== (owed?.minor ?? 0)) return refuse('AMOUNT_DIFFERS', 'stepUpToken');
    await endOrder(em, ctx.deps.jobs, order, ctx.viewer.kind === 'member' ? 'CANCELLED_BY_BUYER' : 'CANCELLED_BY_STAFF', { at: new Date(), by: actorOf(ctx.viewer) });
    return { kind: 'done', orderId: order.id };
  }));
}

/** What would go back; null where nothing would, or it cannot be given up. */
async function owedWhenCancelled(ctx: GraphContext, orderId: string): Promise<{ readonly minor: number; readonly currency: string } | null> {
  const order = await ctx.read((em) => em.findOne(SalesOrder, { id: orderId as never }, { disableIdentityMap: true }));
  if (order === null || !isTheirs(ctx, order) || actionRefusal(actionable(order), 'CANCEL') !== null) return null;
  const minor = refundable(order);
  return minor > 0 ? { minor, currency: order.currency } : null;
}

/** Ends an order of our own: open payments are closed at their platforms, money that came in goes back, stock is told by the event. */
export async function endOrder(em: EntityManager, jobs: GraphContext['deps']['jobs'], order: SalesOrderRow, reason: EndReason, change: Change): Promise<void> {
  const payments = await em.find(Payment, { orderId: order.id });
  for (const payment of payments) {
    if (payment.state !== 'STARTING' && payment.state !== 'STARTED') continue;
    Object.assign(payment, { state: 'CLOSING', nextTryAt: change.at });
    ask(em, jobs, CLOSE_PAYMENT, { tenantId: order.tenantId, paymentId: payment.id }, payment.id);
  }
  const wholeMinor = refundable(order);
  const owed = shareOut(wholeMinor, payments);
  for (const [place, { payment, amountMinor }] of owed.entries()) {
    // A large sum that a person gives back waits for another one; what buyers and rules give back does not.
    const toApprove = reason === 'CANCELLED_BY_STAFF' && await needsSecondPerson(em, order, wholeMinor);
    const refund = await oweRefund(em, order, { payment, amountMinor, currency: order.currency, reason: reason === 'LATE_PAYMENT' ? 'LATE_PAYMENT' : 'ORDER_CANCELLED', ofOrder: true, key: place === 0 ? 'cancel' : `cancel:${place}`, toApprove }, change);
    order.refunded = true;
    if (!toApprove) ask(em, jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
  }
  await advanceOrder(em, order, change, reason);
}

/** An order may have been paid twice, once for what an edit made it cost more: each part goes back where it came from. */
function shareOut(amountMinor: number, payments: readonly PaymentRow[]): { readonly payment: PaymentRow | null; readonly amountMinor: number }[] {
  const parts: { payment: PaymentRow | null; amountMinor: number }[] = [];
  let left = amountMinor;
  for (const payment of payments.filter(({ state }) => state === 'PAID')) {
    const some = Math.min(left, payment.paidMinor - payment.refundedMinor);
    if (some <= 0) continue;
    parts.push({ payment, amountMinor: some });
    left -= some;
  }
  return left > 0 ? [...parts, { payment: null, amountMinor: left }] : parts;
}
