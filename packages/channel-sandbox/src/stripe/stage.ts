import type { Stage } from '../stage.js';
import { StripeAccount, stripeSandbox } from './account.js';

/** An account of Stripe. */
export function stripeStage(): Stage {
  const account = new StripeAccount('acct_1FAKEquanyu', 'sk_test_FAKEquanyu000');
  return {
    platform: stripeSandbox(account), shopDomain: account.id,
    settings: { apiVersion: '2025-09-30.clover' }, secrets: { secretKey: account.secretKey }, wrongSecrets: { secretKey: 'sk_test_FAKEother0000' },
    throttled: { status: 429, headers: { 'retry-after': '0.05' }, body: '{"error":{"code":"rate_limit","type":"invalid_request_error"}}' },
    pay: (id) => account.store.pay(id),
    refundsOf: (id) => account.store.payments.get(id)!.refunds,
  };
}
