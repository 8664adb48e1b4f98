import { closePayment as closePaymentCall } from '@quanyu/calls';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { Payment } from '../../entities/payment.entity.js';
import { settlePayment } from './settle-payment.js';

const RETRY_SECONDS = 30;

/** Ends a payment at its platform, so that nobody pays for an order that is over. Where it was paid, that is taken in. */
export async function closePayment({ database, calls, jobs }: Pick<SubgraphDeps, 'database' | 'calls' | 'jobs'>, { tenantId, paymentId }: { readonly tenantId: string; readonly paymentId: string }): Promise<void> {
  // Claimed for a while: two workers shall not both ask.
  const claimed = await database.write(tenantId, 'claim-payment', (em) => em.execute<{ id: string }[]>(
    "update payment set next_try_at = app_now() + make_interval(secs => ?) where id = ? and state = 'CLOSING' and next_try_at <= app_now() returning id", [RETRY_SECONDS, paymentId]));
  if (claimed.length === 0) return;
  const payment = await database.read(tenantId, (em) => em.findOneOrFail(Payment, { id: paymentId as never }, { disableIdentityMap: true }));
  const { connectionId, provider, amountMinor, currency, expiresAt } = payment;
  if (provider === 'BY_HAND') return;
  const answer = await calls.invoke(closePaymentCall, { tenantId, paymentId, connectionId, provider, amountMinor, currency, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) });
  if (answer.kind === 'refused' && answer.retryable) return;
  await database.write(tenantId, 'settle-payment', (em) => settlePayment(em, jobs, answer.kind === 'paid'
    ? { paymentId, outcome: 'PAID', amountMinor: answer.amountMinor, currency: answer.currency, providerReference: answer.providerReference }
    : { paymentId, outcome: 'CLOSED', amountMinor: 0, currency, providerReference: payment.providerReference ?? paymentId }));
}
