import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/core';
import { afterCommit } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { system } from '../../domain/actor.js';
import { judgePayment } from '../../domain/payment.js';
import { Payment, type PaymentRow } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { amend } from '../life/amend-order.js';
import { advanceOrder } from '../life/advance-order.js';
import { raiseException } from '../life/exceptions.js';
import { lockOrders } from '../life/load-order.js';
import { oweRefund } from './owe-refund.js';
import { note, type Change } from '../life/timeline.js';

/** What a platform says became of a payment of ours. */
export interface PaymentNews {
  readonly paymentId: string;
  readonly outcome: 'PAID' | 'CLOSED';
  readonly amountMinor: number;
  readonly currency: string;
  readonly providerReference: string;
}

/** A payment that we never started: nobody else's money is touched, and somebody has to look. */
export class UnknownPaymentError extends Error { override name = 'UnknownPaymentError'; }

export const CONFIRM_LATE_PAYMENT = 'orders.confirm-late-payment';
export const SEND_REFUND = 'orders.send-refund';

/** Takes in what a platform tells of a payment, however often and in whatever order. */
export const settlePayment = (em: EntityManager, jobs: SubgraphDeps['jobs'], news: PaymentNews): Promise<void> => settlePayments(em, jobs, [{ news, because: (work) => work() }]);

/** News of a payment, and in whose name its consequences are told. */
export interface ToldPayment { readonly news: PaymentNews; readonly because: (work: () => Promise<void>) => Promise<void> }

/** The same for news of several payments, each once. */
export async function settlePayments(em: EntityManager, jobs: SubgraphDeps['jobs'], told: readonly ToldPayment[]): Promise<void> {
  const ids = told.map(({ news }) => news.paymentId as never);
  const asked = await em.find(Payment, { id: { $in: ids } }, { fields: ['orderId'], disableIdentityMap: true });
  if (asked.length < told.length) throw new UnknownPaymentError();
  // Always the orders first: whoever cancels, pays or times out waits for the others here.
  const orders = await lockOrders(em, [...new Set(asked.map(({ orderId }) => orderId))]);
  const payments = new Map((await em.find(Payment, { id: { $in: ids } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } })).map((payment) => [payment.id as string, payment]));
  const change = { at: new Date(), by: system('payments') };
  for (const { news, because } of told) {
    const payment = payments.get(news.paymentId)!;
    await because(() => settleOne(em, jobs, orders.get(payment.orderId)!, payment, news, change));
  }
}

async function settleOne(em: EntityManager, jobs: SubgraphDeps['jobs'], order: SalesOrderRow, payment: PaymentRow, news: PaymentNews, change: Change): Promise<void> {
  if (payment.state === 'PAID') return;
  if (news.outcome === 'CLOSED') return closed(em, order, payment, change);
  payment.state = 'PAID';
  payment.paidAt = change.at;
  payment.paidMinor = news.amountMinor;
  payment.providerReference = news.providerReference;
  await applyPayment(em, jobs, order, payment, { amountMinor: news.amountMinor, currency: news.currency }, change);
}

/** The money of a payment is in: confirms the order, or gives it back with the reason. Order and payment are locked. */
export async function applyPayment(em: EntityManager, jobs: SubgraphDeps['jobs'], order: SalesOrderRow, payment: PaymentRow, received: { readonly amountMinor: number; readonly currency: string }, change: Change): Promise<void> {
  const verdict = judgePayment({ ...order, late: await isLate(em, order) }, received);
  note(em, order, change, 'PAID', { paymentId: payment.id, provider: payment.provider, amountMinor: received.amountMinor, currency: received.currency });
  switch (verdict.kind) {
    case 'differs':
      await raiseException(em, order, 'PAYMENT_DIFFERS', [`${received.amountMinor} ${received.currency} for ${order.totalMinor} ${order.currency}`], change);
      return advanceOrder(em, order, change);
    case 'difference': {
      const beforeMinor = order.totalMinor - order.dueMinor;
      order.dueMinor = 0;
      note(em, order, change, 'DIFFERENCE_PAID', { paymentId: payment.id, amountMinor: received.amountMinor, currency: received.currency });
      amend(em, order, { editId: payment.id, beforeMinor });
      return advanceOrder(em, order, change);
    }
    case 'refund': {
      const refund = await oweRefund(em, order, { payment, ...received, reason: verdict.reason, ofOrder: false, key: `payment:${payment.id}` }, change);
      ask(em, jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
      return advanceOrder(em, order, change);
    }
    case 'late':
      // Its hold has ended: whether there is still enough only inventory knows.
      order.stockState = 'WANTED';
      ask(em, jobs, CONFIRM_LATE_PAYMENT, { tenantId: order.tenantId, orderId: order.id }, order.id);
  }
  order.paidAt = change.at;
  order.paymentState = 'PAID';
  await advanceOrder(em, order, change);
}

/** Whether the time to pay it is over, by the database's clock. */
export async function isLate(em: EntityManager, { payBy }: SalesOrderRow): Promise<boolean> {
  return payBy ? payBy.getTime() <= await nowMs(em) : false;
}

/** The database's time, which stands still within a transaction: asked once, however many payments it takes in. */
function nowMs(em: EntityManager): Promise<number> {
  const known = times.get(em) ?? em.execute<{ ms: string }[]>('select (extract(epoch from app_now()) * 1000)::text as ms').then(([row]) => Number(row!.ms));
  times.set(em, known);
  return known;
}
const times = new WeakMap<EntityManager, Promise<number>>();

async function closed(em: EntityManager, order: SalesOrderRow, payment: PaymentRow, change: Change): Promise<void> {
  if (payment.state === 'CLOSED') return;
  payment.state = 'CLOSED';
  payment.nextTryAt = null;
  note(em, order, change, 'PAYMENT_CLOSED', { paymentId: payment.id });
  await advanceOrder(em, order, change);
}

/** Asks for a job once the transaction stands. Never fails: what it stands for is found due from its row. */
export function ask(em: EntityManager, jobs: SubgraphDeps['jobs'], job: string, payload: Readonly<Record<string, string>>, jobId: string): void {
  afterCommit(em, () => { void jobs.enqueue(job, payload, { jobId }).catch((error: unknown) => log.warn('an order waits until its job is found due', { jobName: job, error })); });
}
