import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../domain/actor.js';
import { actionRefusal } from '../domain/order-actions.js';
import { Payment } from '../entities/payment.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { actionable, lockOrder } from './load-order.js';
import { applyPayment } from './settle-payment.js';

export interface RecordPayment { readonly orderId: string; readonly amountMinor: number; readonly currency: string; readonly reference: string; readonly idempotencyKey: string }

/** A person says that an order was paid by other means: in cash, by transfer. It is judged like any other payment. */
export function recordPayment(ctx: GraphContext, input: RecordPayment): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('record-payment', (em) => once(em, ctx.viewer.tenantId, { mutation: 'recordPayment', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = actionRefusal(actionable(order), 'RECORD_PAYMENT');
    if (refusal !== null) return refuse(refusal, 'orderId');
    if (input.amountMinor !== (order.paidAt ? order.dueMinor : order.totalMinor) || input.currency !== order.currency) return refuse('AMOUNT_DIFFERS', 'amount');
    if (input.reference.length > 100) return refuse('NAME_INVALID', 'reference');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    const payment = em.create(Payment, {
      id: newId('pay'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, provider: 'BY_HAND', state: 'PAID', amountMinor: input.amountMinor, currency: input.currency,
      paidMinor: input.amountMinor, refundedMinor: 0, providerReference: input.reference, startedAt: change.at, paidAt: change.at,
    });
    await applyPayment(em, ctx.deps.jobs, order, payment, input, change);
    return { kind: 'done', orderId: order.id };
  }));
}
