import type { EntityManager } from '@mikro-orm/postgresql';
import { CallError, startPayment as startPaymentCall, type Calls } from '@quanyu/calls';
import { gathered } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { asRefusedValue, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import { Payment, type PaymentRow } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { actionable, lockOrders } from '../life/load-order.js';
import { note } from '../life/timeline.js';
import { isLate } from './settle-payment.js';

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
  const { database, calls } = ctx.deps;
  const opened = await openTogether(database, { ctx, request }).catch(asRefusedValue);
  if (opened.kind !== 'opened') return opened;
  const { order, payment } = opened;
  if (payment.state === 'STARTED') return { kind: 'started', orderId: order.id, paymentId: payment.id };
  const answer = await askPlatform(calls, order, payment, request);
  if (answer.kind === 'refused') {
    // Not this one: whoever tries again gets a payment with a number of its own.
    if (answer.code === 'PROVIDER_REFUSED') await ctx.write('payment-refused', (em) => em.execute("update payment set state = 'CLOSING', next_try_at = app_now() where id = ? and state = 'STARTING'", [payment.id]));
    return answer;
  }
  await keepTogether(database, { id: payment.id, tenantId: order.tenantId, reference: answer.providerReference, client: answer.client }).catch(asRefusedValue);
  return { kind: 'started', orderId: order.id, paymentId: payment.id };
}

type Opened = { readonly kind: 'opened'; readonly order: SalesOrderRow; readonly payment: PaymentRow } | Refusal<OrdersErrorCode>;

/** Payments that are opened at the same moment share a transaction. */
const openTogether = gathered<{ readonly ctx: GraphContext; readonly request: StartPayment }, Opened>((database, asked) => {
  const { tenantId } = asked[0]!.input.ctx.viewer;
  return database.write(tenantId, 'start-payment', async (em) => {
    const orders = await lockOrders(em, asked.map(({ input: { request } }) => request.orderId));
    const open = new Map((await em.find(Payment, { orderId: { $in: [...orders.keys()] as never[] }, state: { $in: ['STARTING', 'STARTED'] } })).map((payment) => [keyOf(payment), payment]));
    const opened: Opened[] = [];
    for (const { input: { ctx, request }, within } of asked) opened.push(await within(() => openOne(em, ctx, orders.get(request.orderId), open, request)));
    return opened;
  });
}, ({ ctx }) => ctx.viewer.tenantId);

const keyOf = ({ orderId, provider }: Pick<PaymentRow, 'provider'> & { readonly orderId: string }): string => `${orderId}/${provider}`;

async function openOne(em: EntityManager, ctx: GraphContext, order: SalesOrderRow | undefined, open: Map<string, PaymentRow>, { orderId, provider }: StartPayment): Promise<Opened> {
  if (order === undefined || !isTheirs(ctx, order)) return refuse('ORDER_NOT_FOUND', 'orderId');
  const refusal = actionRefusal(actionable(order), 'START_PAYMENT');
  if (refusal !== null) return refuse(refusal, 'orderId');
  // What an edit has made it cost more has no hold that could end.
  const amountMinor = order.paidAt ? order.dueMinor : order.totalMinor;
  if (!order.paidAt && await isLate(em, order)) return refuse('PAYMENT_TIME_OVER', 'orderId');
  const known = open.get(keyOf({ orderId, provider }));
  if (known !== undefined && known.amountMinor === amountMinor) return { kind: 'opened', order, payment: known };
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  if (known !== undefined) {
    Object.assign(known, { state: 'CLOSING', nextTryAt: change.at });
    await em.flush();
  }
  const payment = em.create(Payment, {
    id: newId('pay'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, provider, state: 'STARTING', amountMinor, currency: order.currency,
    paidMinor: 0, refundedMinor: 0, startedAt: change.at, expiresAt: order.paidAt ? new Date(change.at.getTime() + DIFFERENCE_MINUTES * 60_000) : order.payBy ?? change.at,
  });
  open.set(keyOf(payment), payment);
  note(em, order, change, 'PAYMENT_STARTED', { paymentId: payment.id, provider });
  return { kind: 'opened', order, payment };
}

/** What platforms have answered by now is kept by one statement. */
const keepTogether = gathered<{ readonly id: string; readonly tenantId: string; readonly reference: string | null; readonly client: Readonly<Record<string, string>> }, void>(async (database, asked) => {
  await database.write(asked[0]!.input.tenantId, 'payment-started', (em) => em.execute(
    `update payment p set state = 'STARTED', provider_reference = w.reference, client = w.client from jsonb_to_recordset(?::jsonb) as w (id text, reference text, client jsonb)
     where p.id = w.id and p.state = 'STARTING'`, [JSON.stringify(asked.map(({ input }) => input))]));
  return asked.map(() => undefined);
}, ({ tenantId }) => tenantId);

async function askPlatform(calls: Calls, order: SalesOrderRow, payment: PaymentRow, { payerId, provider }: StartPayment): Promise<{ readonly kind: 'started'; readonly providerReference: string | null; readonly client: Readonly<Record<string, string>> } | Refusal<OrdersErrorCode>> {
  try {
    const answer = await calls.invoke(startPaymentCall, {
      tenantId: order.tenantId, paymentId: payment.id, connectionId: order.connectionId, provider, amountMinor: payment.amountMinor, currency: payment.currency,
      orderNumber: order.orderNumber, description: order.orderNumber, payerId, expiresAt: (payment.expiresAt ?? payment.startedAt).toISOString(),
    });
    return answer.kind === 'started' ? answer : refuse(answer.retryable ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_REFUSED', 'provider');
  } catch (error) {
    log.warn('a payment could not be started', { orderId: order.id, tenantId: order.tenantId, errorCode: error instanceof CallError ? error.code : 'UNANSWERED', error });
    return refuse('PROVIDER_UNAVAILABLE', 'provider');
  }
}
