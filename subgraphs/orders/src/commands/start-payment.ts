import type { EntityManager } from '@mikro-orm/postgresql';
import { CallError, startPayment as startPaymentCall, type Calls } from '@quanyu/calls';
import { newId } from '@quanyu/ids';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { actorOf } from '../domain/actor.js';
import { actionRefusal } from '../domain/order-actions.js';
import { Payment, type PaymentRow } from '../entities/payment.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { actionable, lockOrder } from './load-order.js';
import { note } from './timeline.js';

type Online = Exclude<PaymentRow['provider'], 'BY_HAND'>;
export interface StartPayment { readonly orderId: string; readonly provider: Online; /** The payer's id at the platform, where it asks for one. */ readonly payerId: string | null }
export type Started = { readonly kind: 'started'; readonly orderId: string; readonly paymentId: string } | Refusal<OrdersErrorCode>;

/** To pay a difference; started again it is a new payment. */
const DIFFERENCE_MINUTES = 30;

/** Whether the viewer may act for this order: staff of its channel, or the member who placed it. */
export const isTheirs = ({ viewer }: GraphContext, order: Pick<SalesOrderRow, 'connectionId' | 'memberId'>): boolean =>
  (viewer.kind === 'member' ? order.memberId === viewer.subjectId : viewer.seesChannel(order.connectionId));

/**
 * Opens a payment at its platform, one for each platform and order: asked again it is the same one, also there, since
 * its id is our number of it. The platform is asked outside of any transaction.
 */
export async function startPayment(ctx: GraphContext, request: StartPayment): Promise<Started> {
  const opened = await ctx.write('start-payment', (em) => open(em, ctx, request));
  if (opened.kind !== 'opened') return opened;
  const { order, payment } = opened;
  if (payment.state === 'STARTED') return { kind: 'started', orderId: order.id, paymentId: payment.id };
  const answer = await askPlatform(ctx.deps.calls, order, payment, request);
  if (answer.kind === 'refused') return answer;
  await ctx.write('payment-started', (em) => em.execute(
    "update payment set state = 'STARTED', provider_reference = ?, client = ?::jsonb where id = ? and state = 'STARTING'", [answer.providerReference, JSON.stringify(answer.client), payment.id]));
  return { kind: 'started', orderId: order.id, paymentId: payment.id };
}

type Opened = { readonly kind: 'opened'; readonly order: SalesOrderRow; readonly payment: PaymentRow } | Refusal<OrdersErrorCode>;

async function open(em: EntityManager, ctx: GraphContext, { orderId, provider }: StartPayment): Promise<Opened> {
  const order = await lockOrder(em, orderId);
  if (order === null || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
  const refusal = actionRefusal(actionable(order), 'START_PAYMENT');
  if (refusal !== null) return refuse(refusal, 'orderId');
  const [time] = await em.execute<{ over: boolean }[]>('select coalesce(pay_by <= app_now(), false) as over from sales_order where id = ?', [orderId]);
  // What an edit has made it cost more has no hold that could end.
  const amountMinor = order.paidAt ? order.dueMinor : order.totalMinor;
  if (!order.paidAt && time!.over) return refuse('PAYMENT_TIME_OVER', 'orderId');
  const known = await em.findOne(Payment, { orderId: order.id, provider, state: { $in: ['STARTING', 'STARTED'] } });
  if (known !== null && known.amountMinor === amountMinor) return { kind: 'opened', order, payment: known };
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  if (known !== null) Object.assign(known, { state: 'CLOSING', nextTryAt: change.at });
  await em.flush();
  const payment = em.create(Payment, {
    id: newId('pay'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, provider, state: 'STARTING', amountMinor, currency: order.currency,
    paidMinor: 0, refundedMinor: 0, startedAt: change.at,
  });
  note(em, order, change, 'PAYMENT_STARTED', { paymentId: payment.id, provider });
  return { kind: 'opened', order, payment };
}

async function askPlatform(calls: Calls, order: SalesOrderRow, payment: PaymentRow, { payerId, provider }: StartPayment): Promise<{ readonly kind: 'started'; readonly providerReference: string | null; readonly client: Readonly<Record<string, string>> } | Refusal<OrdersErrorCode>> {
  try {
    const answer = await calls.invoke(startPaymentCall, {
      tenantId: order.tenantId, paymentId: payment.id, connectionId: order.connectionId, provider, amountMinor: payment.amountMinor, currency: payment.currency,
      orderNumber: order.orderNumber, description: order.orderNumber, payerId, expiresAt: (order.paidAt ? new Date(Date.now() + DIFFERENCE_MINUTES * 60_000) : order.payBy ?? payment.startedAt).toISOString(),
    });
    return answer.kind === 'started' ? answer : refuse(answer.retryable ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REFUSED', 'provider');
  } catch (error) {
    log.warn('a payment could not be started', { orderId: order.id, tenantId: order.tenantId, errorCode: error instanceof CallError ? error.code : 'UNANSWERED', error });
    return refuse('PROVIDER_UNAVAILABLE', 'provider');
  }
}
