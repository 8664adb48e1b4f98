import { createHmac } from 'node:crypto';
import type { Stage } from '../stage.js';
import { StripeAccount, stripeSandbox } from './account.js';

/** An account of Stripe. */
export function stripeStage(): Stage {
  const account = new StripeAccount('acct_1FAKEquanyu', 'sk_test_FAKEquanyu000');
  return {
    platform: stripeSandbox(account), shopDomain: account.id,
    settings: { apiVersion: '2025-09-30.clover' }, secrets: { secretKey: account.secretKey }, wrongSecrets: { secretKey: 'sk_test_FAKEother0000' },
    throttled: { status: 429, headers: { 'retry-after': '0.05' }, body: '{"error":{"code":"rate_limit","type":"invalid_request_error"}}' },
    bill: (day, lines) => {
      lines.forEach(({ paymentId, refundId, amountMinor, feeMinor }, n) => account.movements.push({ day, body: {
        id: `txn_FAKE${day}${n}`, object: 'balance_transaction', type: refundId === null ? 'charge' : 'refund', amount: amountMinor, fee: feeMinor, net: amountMinor - feeMinor, currency: 'cny', created: Date.parse(`${day}T12:00:00Z`) / 1000 + n,
        source: { id: `ch_FAKE${n}`, object: 'charge', metadata: { payment_id: paymentId, ...(refundId !== null && { refund_id: refundId }) } },
      } }));
    },
    push: (n, at, { secret }) => {
      const body = JSON.stringify({ id: `evt_${n}`, type: 'payment_intent.succeeded', data: { object: { metadata: { payment_id: `pay-${n}` } } } });
      const t = Math.floor(at.getTime() / 1000);
      return { body, headers: { 'stripe-signature': `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}` } };
    },
    pay: (id) => account.store.pay(id),
    refundsOf: (id) => account.store.payments.get(id)!.refunds,
  };
}
