import { paymentNotified } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { settlePayment } from '../commands/settle-payment.js';

export const onPaymentNotified = on(paymentNotified, ({ em, deps }: ConsumeContext<SubgraphDeps>, { data }) => settlePayment(em, deps.jobs, data));
