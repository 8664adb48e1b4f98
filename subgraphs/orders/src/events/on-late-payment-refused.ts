import { latePaymentRefused } from '@quanyu/events';
import { on, type ConsumeContext } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { refuseLatePayment } from '../commands/payment/late-payment.js';

export const onLatePaymentRefused = on(latePaymentRefused, ({ em, deps }: ConsumeContext<SubgraphDeps>, { data }) => refuseLatePayment(em, deps.jobs, data.orderId));
