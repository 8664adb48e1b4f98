import type { EntityManager } from '@mikro-orm/postgresql';
import { gathered } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { asRefusedValue, onceEach, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import { Payment } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { actionable, lockOrders } from '../life/load-order.js';
import { applyPayment } from './settle-payment.js';

export interface RecordPayment { readonly orderId: string; readonly amountMinor: number; readonly currency: string; readonly reference: string; readonly idempotencyKey: string }

type Recorded = { readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>;

/** A person says that an order was paid by other means: in cash, by transfer. It is judged like any other payment. */
export const recordPayment = (ctx: GraphContext, input: RecordPayment): Promise<Recorded> => recordTogether(ctx.deps.database, { ctx, input }).catch(asRefusedValue);

const recordTogether = gathered<{ readonly ctx: GraphContext; readonly input: RecordPayment }, Recorded>((database, asked) => {
  const { tenantId } = asked[0]!.input.ctx.viewer;
  return database.write(tenantId, 'record-payment', (em) => onceEach(em, tenantId, 'recordPayment', asked.map(({ input: { input } }) => ({ key: input.idempotencyKey, input })), async (fresh) => {
    const news = fresh.map((place) => asked[place]!);
    const orders = await lockOrders(em, news.map(({ input: { input } }) => input.orderId));
    const done: Recorded[] = [];
    for (const { input: { ctx, input }, within } of news) done.push(await within(() => recordOne(em, ctx, orders.get(input.orderId), input)));
    return done;
  }));
}, ({ ctx }) => ctx.viewer.tenantId, 2);

async function recordOne(em: EntityManager, { viewer, deps }: GraphContext, order: SalesOrderRow | undefined, input: RecordPayment): Promise<Recorded> {
  if (order === undefined || !viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
  const refusal = actionRefusal(actionable(order), 'RECORD_PAYMENT');
  if (refusal !== null) return refuse(refusal, 'orderId');
  if (input.amountMinor !== (order.paidAt ? order.dueMinor : order.totalMinor) || input.currency !== order.currency) return refuse('AMOUNT_DIFFERS', 'amount');
  if (input.reference.length > 100) return refuse('NAME_INVALID', 'reference');
  const change = { at: new Date(), by: actorOf(viewer) };
  const payment = em.create(Payment, {
    id: newId('pay'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, provider: 'BY_HAND', state: 'PAID', amountMinor: input.amountMinor, currency: input.currency,
    paidMinor: input.amountMinor, refundedMinor: 0, providerReference: input.reference, startedAt: change.at, paidAt: change.at,
  });
  await applyPayment(em, deps.jobs, order, payment, input, change);
  return { kind: 'done', orderId: order.id };
}
