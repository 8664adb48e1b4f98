import { defineJob, type JobDefinition } from '@quanyu/jobs';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { z } from 'zod';
import { CLOSE_PAYMENT } from '../commands/life/cancel-order.js';
import { closePayment } from '../commands/payment/close-payment.js';
import { giveBackHold } from '../commands/life/edit-order.js';
import { endUnpaidOrder } from '../commands/payment/end-unpaid-order.js';
import { finishPlacing } from '../commands/selling/finish-placing.js';
import { confirmLatePayment } from '../commands/payment/late-payment.js';
import { retryShortOrder } from '../commands/intake/retry-short-order.js';
import { sendRefund } from '../commands/payment/send-refund.js';
import { CONFIRM_LATE_PAYMENT, SEND_REFUND } from '../commands/payment/settle-payment.js';
import { endSilentAfterSale } from '../commands/after-sale/treat-after-sale.js';
import { warnSendSoon } from '../commands/life/warn-send-soon.js';
import { dueAfterSales, dueEdits, duePayments, duePlacing, dueRefunds, dueToConfirm, dueToEnd, dueToSend, dueWaiting, type OrderRef } from '../queries/due-orders.js';

type Due = (deps: SubgraphDeps['database']) => AsyncGenerator<readonly OrderRef[]>;

/** A job for one order. What is left of a failed try is found due again from its row. */
const orderJob = (name: string, deps: SubgraphDeps, find: Due, run: (deps: SubgraphDeps, ref: OrderRef) => Promise<void>): JobDefinition<OrderRef> => defineJob({
  name,
  payload: z.object({ tenantId: z.string(), orderId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of find(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.orderId }));
  },
  run: (ref) => run(deps, ref),
});

export const endUnpaidOrderJob = (deps: SubgraphDeps): JobDefinition<OrderRef> => orderJob('orders.end-unpaid-order', deps, dueToEnd, endUnpaidOrder);
export const confirmLatePaymentJob = (deps: SubgraphDeps): JobDefinition<OrderRef> => orderJob(CONFIRM_LATE_PAYMENT, deps, dueToConfirm, confirmLatePayment);
export const finishPlacingJob = (deps: SubgraphDeps): JobDefinition<OrderRef> => orderJob('orders.finish-placing', deps, duePlacing, finishPlacing);

export const retryShortOrderJob = (deps: SubgraphDeps): JobDefinition<OrderRef> => orderJob('orders.retry-short-order', deps, dueWaiting, retryShortOrder);

export const warnSendSoonJob = (deps: SubgraphDeps): JobDefinition<OrderRef> => orderJob('orders.warn-send-soon', deps, dueToSend, warnSendSoon);

export const closePaymentJob = (deps: SubgraphDeps): JobDefinition<{ tenantId: string; paymentId: string }> => defineJob({
  name: CLOSE_PAYMENT,
  payload: z.object({ tenantId: z.string(), paymentId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of duePayments(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.paymentId }));
  },
  run: (ref) => closePayment(deps, ref),
});

export const sendRefundJob = (deps: SubgraphDeps): JobDefinition<{ tenantId: string; refundId: string }> => defineJob({
  name: SEND_REFUND,
  payload: z.object({ tenantId: z.string(), refundId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of dueRefunds(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.refundId }));
  },
  run: (ref) => sendRefund(deps, ref),
});

export const giveBackEditHoldJob = (deps: SubgraphDeps): JobDefinition<{ tenantId: string; editId: string }> => defineJob({
  name: 'orders.give-back-edit-hold',
  payload: z.object({ tenantId: z.string(), editId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of dueEdits(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.editId }));
  },
  run: (ref) => giveBackHold(deps, ref),
});

export const endSilentAfterSaleJob = (deps: SubgraphDeps): JobDefinition<{ tenantId: string; afterSaleId: string }> => defineJob({
  name: 'orders.end-silent-after-sale',
  payload: z.object({ tenantId: z.string(), afterSaleId: z.string() }),
  attempts: 1,
  due: async function* () {
    for await (const batch of dueAfterSales(deps.database)) yield batch.map((ref) => ({ payload: ref, jobId: ref.afterSaleId }));
  },
  run: (ref) => endSilentAfterSale(deps.database, ref),
});
