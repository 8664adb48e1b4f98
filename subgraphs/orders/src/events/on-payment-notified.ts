import { paymentNotified } from '@quanyu/events';
import { onTogether, type TogetherContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { settlePayments } from '../commands/payment/settle-payment.js';

export const onPaymentNotified = onTogether(paymentNotified, ({ em, deps, because }: TogetherContext<SubgraphDeps>, events) =>
  settlePayments(em, deps.jobs, events.map((event) => ({ news: event.data, because: (work) => because(event, work) }))));
