import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../domain/actor.js';
import { actionRefusal } from '../domain/order-actions.js';
import type { EndReason } from '../domain/order-state.js';
import { refundable } from '../domain/refundable.js';
import { Payment } from '../entities/payment.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { advanceOrder } from './advance-order.js';
import { actionable, lockOrder } from './load-order.js';
import { oweRefund } from './owe-refund.js';
import { ask, SEND_REFUND } from './settle-payment.js';
import { isTheirs } from './start-payment.js';
import type { Change } from './timeline.js';

export const CLOSE_PAYMENT = 'orders.close-payment';

/** The buyer or a person of the staff gives an order up before it is shipped; what was paid goes back. */
export function cancelOrder(ctx: GraphContext, input: { readonly orderId: string; readonly idempotencyKey: string }): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('cancel-order', (em) => once(em, ctx.viewer.tenantId, { mutation: 'cancelOrder', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), 'CANCEL');
    if (refusal !== null) return refuse(refusal, 'orderId');
    await endOrder(em, ctx.deps.jobs, order, ctx.viewer.kind === 'member' ? 'CANCELLED_BY_BUYER' : 'CANCELLED_BY_STAFF', { at: new Date(), by: actorOf(ctx.viewer) });
    return { kind: 'done', orderId: order.id };
  }));
}

/** Ends an order of our own: open payments are closed at their platforms, money that came in goes back, stock is told by the event. */
export async function endOrder(em: EntityManager, jobs: GraphContext['deps']['jobs'], order: SalesOrderRow, reason: EndReason, change: Change): Promise<void> {
  const payments = await em.find(Payment, { orderId: order.id });
  for (const payment of payments) {
    if (payment.state !== 'STARTING' && payment.state !== 'STARTED') continue;
    Object.assign(payment, { state: 'CLOSING', nextTryAt: change.at });
    ask(em, jobs, CLOSE_PAYMENT, { tenantId: order.tenantId, paymentId: payment.id }, payment.id);
  }
  const paid = payments.find((payment) => payment.state === 'PAID' && payment.paidMinor > payment.refundedMinor) ?? null;
  const amountMinor = refundable(order);
  if (amountMinor > 0) {
    const refund = await oweRefund(em, order, { payment: paid, amountMinor, currency: order.currency, reason: reason === 'LATE_PAYMENT' ? 'LATE_PAYMENT' : 'ORDER_CANCELLED', ofOrder: true, key: 'cancel' }, change);
    order.refunded = true;
    ask(em, jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
  }
  await advanceOrder(em, order, change, reason);
}
