import type { EntityManager } from '@mikro-orm/postgresql';
import { refundPayment } from '@quanyu/calls';
import { refundPaid } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { system } from '../../domain/actor.js';
import { Payment, Refund, type RefundRow } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { advanceOrder } from '../life/advance-order.js';
import { closeRefundedAfterSale } from '../after-sale/end-after-sale.js';
import { lockOrder } from '../life/load-order.js';
import { note, type Change } from '../life/timeline.js';

const FIRST_RETRY_SECONDS = 10;
const LONGEST_RETRY_SECONDS = 3_600;

/** Has the platform give money back. Its id is ours, so asking again tells what became of it; repeats safely. */
export async function sendRefund({ database, calls }: Pick<SubgraphDeps, 'database' | 'calls'>, { tenantId, refundId }: { readonly tenantId: string; readonly refundId: string }): Promise<void> {
  const claimed = await database.write(tenantId, 'claim-refund', (em) => em.execute<{ id: string }[]>(
    `update refund set attempts = attempts + 1, sent_at = coalesce(sent_at, app_now()), next_try_at = app_now() + make_interval(secs => least(?, ? * (2 ^ least(attempts, 12))::int))
     where id = ? and state = 'DUE' and route = 'PROVIDER' and next_try_at <= app_now() returning id`, [LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS, refundId]));
  if (claimed.length === 0) return;
  const { refund, payment } = await database.read(tenantId, async (em) => {
    const one = await em.findOneOrFail(Refund, { id: refundId as never }, { disableIdentityMap: true });
    return { refund: one, payment: await em.findOneOrFail(Payment, { id: one.paymentId! }, { disableIdentityMap: true }) };
  });
  if (payment.provider === 'BY_HAND') return;
  const answer = await calls.invoke(refundPayment, {
    tenantId, refundId, paymentId: payment.id, connectionId: payment.connectionId, provider: payment.provider, amountMinor: refund.amountMinor, currency: refund.currency, paidMinor: payment.paidMinor, reason: refund.reason,
    askedAt: refund.sentAt!.toISOString(),
  });
  if (answer.kind === 'pending' || (answer.kind === 'refused' && answer.retryable)) return;
  await database.write(tenantId, 'settle-refund', async (em) => {
    const order = (await lockOrder(em, refund.orderId))!;
    const one = await em.findOneOrFail(Refund, { id: refundId as never });
    if (one.state !== 'DUE') return;
    const change = { at: new Date(), by: system('orders.send-refund') };
    if (answer.kind === 'refunded') await refundDone(em, order, one, change);
    else refundFailed(em, order, one, answer.code, change);
    await advanceOrder(em, order, change);
  });
}

/** Money has gone back: whoever books and counts is told. Order and refund are locked; the caller advances the order. */
export async function refundDone(em: EntityManager, order: SalesOrderRow, refund: RefundRow, change: Change): Promise<void> {
  const [before] = await em.execute<{ sum: string }[]>("select coalesce(sum(amount_minor), 0) as sum from refund where order_id = ? and state = 'DONE' and after_sale_id is not null", [order.id]);
  refund.state = 'DONE';
  refund.doneAt = change.at;
  refund.nextTryAt = null;
  if (refund.ofOrder && order.refundedMinor >= order.totalMinor) order.refunded = true;
  note(em, order, change, 'REFUND_PAID', { refundId: refund.id, amountMinor: refund.amountMinor });
  if (refund.afterSaleId) await closeRefundedAfterSale(em, order, refund.afterSaleId, change);
  record(em, refundPaid({
    tenantId: order.tenantId, sequence: order.version + 1,
    data: {
      orderId: order.id, connectionId: order.connectionId, refundId: refund.id, afterSaleId: refund.afterSaleId ?? null, currency: refund.currency, amountMinor: refund.amountMinor,
      refundedBeforeMinor: Number(before!.sum), totalMinor: order.totalMinor, confirmedAt: order.confirmedAt?.toISOString() ?? null,
    },
  }));
}

/** The platform refuses for good: the promise stands, and a person pays it in another way. */
function refundFailed(em: EntityManager, order: SalesOrderRow, refund: RefundRow, code: string, change: Change): void {
  refund.state = 'FAILED';
  refund.failureCode = code;
  refund.nextTryAt = null;
  note(em, order, change, 'REFUND_FAILED', { refundId: refund.id, code });
}
