import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/core';
import { afterCommit } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { system } from '../domain/actor.js';
import { judgePayment } from '../domain/payment.js';
import { Payment, type PaymentRow } from '../entities/payment.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import { amend } from './amend-order.js';
import { advanceOrder } from './advance-order.js';
import { raiseException } from './exceptions.js';
import { lockOrder } from './load-order.js';
import { oweRefund } from './owe-refund.js';
import { note, type Change } from './timeline.js';

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
export async function settlePayment(em: EntityManager, jobs: SubgraphDeps['jobs'], news: PaymentNews): Promise<void> {
  const asked = await em.findOne(Payment, { id: news.paymentId as never }, { fields: ['orderId'], disableIdentityMap: true });
  if (asked === null) throw new UnknownPaymentError();
  // Always the order first: whoever cancels, pays or times out waits for the others here.
  const order = await lockOrder(em, asked.orderId);
  const payment = await em.findOneOrFail(Payment, { id: news.paymentId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const change = { at: new Date(), by: system('payments') };
  if (payment.state === 'PAID') return;
  if (news.outcome === 'CLOSED') return closed(em, order!, payment, change);
  payment.state = 'PAID';
  payment.paidAt = change.at;
  payment.paidMinor = news.amountMinor;
  payment.providerReference = news.providerReference;
  await applyPayment(em, jobs, order!, payment, { amountMinor: news.amountMinor, currency: news.currency }, change);
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

async function isLate(em: EntityManager, { id, payBy }: SalesOrderRow): Promise<boolean> {
  if (!payBy) return false;
  const [row] = await em.execute<{ late: boolean }[]>('select pay_by <= app_now() as late from sales_order where id = ?', [id]);
  return row!.late;
}

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
