import { PlatformError } from '../../outbound/platform-error.js';
import type { PlatformAnswer } from '../../outbound/outbound.js';
import { answerObject, listIn, type JsonObject } from '../asking/answer-object.js';
import type { Client, ClientContext, Connector, FoundPayment, PaymentToStart, RefundState, RefundToMake, StartedPayment } from '../connector.js';
import { mustOpen } from '../asking/own-shop.js';
import { platformCodeOf } from '../asking/platform-code.js';
import { downloadBill } from './bill.js';

const HOST = 'https://api.stripe.com';

/** Stripe's payment intents. Amounts are minor units, as ours. */
export const stripeConnector: Connector = {
  fields: [
    { name: 'apiVersion', secret: false, standard: '2025-09-30.clover', form: /^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/ },
    { name: 'secretKey', secret: true, form: /^(sk|rk)_(test|live)_\w{8,200}$/ },
  ],
  capabilities: ['startPayment', 'findPayment', 'closePayment', 'refundPayment', 'downloadBill'],
  bill: { readyHour: 2, utcOffset: 0 },
  stock: null,
  rate: { burst: 25, perSecond: 25 },
  pull: null,
  open: (context): Client => ({
    check: async () => {
      const { id } = await call(context, 'GET', '/v1/account', {}) as { id?: string };
      if (!id) throw new PlatformError('ANSWER_INVALID');
      mustOpen(context.account, id);
      return { shopName: id, apiVersion: context.account.settings['apiVersion'] ?? null };
    },
    startPayment: (payment) => startPayment(context, payment),
    findPayment: async (paymentId) => {
      const intent = await intentOf(context, paymentId);
      return intent && foundOf(paymentId, intent);
    },
    closePayment: (paymentId) => closePayment(context, paymentId),
    refundPayment: (refund) => refundPayment(context, refund),
    downloadBill: (day) => downloadBill(day, (path, query) => call(context, 'GET', path, query)),
  }),
};

interface Intent {
  readonly id: string; readonly status: string; readonly amount: string; readonly currency: string; readonly client_secret?: string; readonly created: string;
  readonly latest_charge?: { readonly refunded?: boolean } | string | null; readonly metadata?: Readonly<Record<string, string>>;
}

/** @param once what makes a call that changes something one call, however often it is sent */
async function call({ account, line }: ClientContext, method: 'GET' | 'POST', path: string, form: Readonly<Record<string, string>>, once?: string): Promise<JsonObject> {
  const parameters = new URLSearchParams(form).toString();
  const { body } = await line.send({
    method, url: `${HOST}${path}${method === 'GET' && parameters !== '' ? `?${parameters}` : ''}`, repeatable: true, ...(method === 'POST' && { body: parameters }),
    headers: {
      authorization: `Bearer ${account.secrets['secretKey'] ?? ''}`, 'stripe-version': account.settings['apiVersion'] ?? '', 'content-type': 'application/x-www-form-urlencoded',
      ...(once !== undefined && { 'idempotency-key': once }),
    },
    judge: refusalOf,
  });
  return answerObject(body);
}

function refusalOf({ status, body }: PlatformAnswer): PlatformError | undefined {
  if (status < 400 || status === 401 || status === 429 || status >= 500) return undefined;
  let code: string | undefined;
  try { code = (answerObject(body) as { error?: { code?: string } }).error?.code; } catch { return undefined; }
  const details = { status, platformCode: platformCodeOf(code) };
  return new PlatformError(code === 'resource_missing' ? 'NOT_FOUND' : status === 403 ? 'CREDENTIALS_REFUSED' : 'REQUEST_REFUSED', details);
}

async function startPayment(context: ClientContext, { paymentId, description, amountMinor, currency }: PaymentToStart): Promise<StartedPayment> {
  const { client_secret: clientSecret } = await call(context, 'POST', '/v1/payment_intents', {
    amount: String(amountMinor), currency: currency.toLowerCase(), description, 'metadata[payment_id]': paymentId, 'automatic_payment_methods[enabled]': 'true',
  }, `start-${paymentId}`) as { client_secret?: string };
  if (!clientSecret) throw new PlatformError('ANSWER_INVALID');
  return { handOver: { clientSecret } };
}

/** By what we wrote on it. Stripe's search is late by up to a minute: whoever has just begun a payment waits for its notice. */
async function intentOf(context: ClientContext, paymentId: string): Promise<Intent | null> {
  const found = await call(context, 'GET', '/v1/payment_intents/search', { query: `metadata['payment_id']:'${paymentId.replaceAll(/[^\w-]/g, '')}'`, 'expand[]': 'data.latest_charge' });
  return listIn<Intent>(found, 'data').find(({ metadata }) => metadata?.['payment_id'] === paymentId) ?? null;
}

function foundOf(paymentId: string, { id, status, amount, currency, latest_charge: charge }: Intent): FoundPayment {
  const isRefunded = typeof charge === 'object' && charge !== null && charge.refunded === true;
  const state = status === 'succeeded' ? isRefunded ? 'REFUNDED' : 'PAID' : status === 'canceled' ? 'CLOSED' : 'PENDING';
  return { paymentId, platformPaymentId: id, state, amountMinor: Number(amount), currency: currency.toUpperCase() };
}

async function closePayment(context: ClientContext, paymentId: string): Promise<'CLOSED' | 'ALREADY_PAID'> {
  const intent = await intentOf(context, paymentId);
  if (intent === null || intent.status === 'canceled') return 'CLOSED';
  if (intent.status === 'succeeded') return 'ALREADY_PAID';
  try {
    await call(context, 'POST', `/v1/payment_intents/${encodeURIComponent(intent.id)}/cancel`, {}, `close-${paymentId}`);
    return 'CLOSED';
  } catch (error) {
    // Paid between the look and the cancel.
    if (error instanceof PlatformError && error.details.platformCode === 'payment_intent_unexpected_state') return 'ALREADY_PAID';
    throw error;
  }
}

const REFUNDS: Readonly<Record<string, RefundState>> = { succeeded: 'DONE', pending: 'PENDING', requires_action: 'PENDING', failed: 'FAILED', canceled: 'FAILED' };

async function refundPayment(context: ClientContext, { paymentId, refundId, amountMinor }: RefundToMake): Promise<RefundState> {
  const intent = await intentOf(context, paymentId);
  if (intent === null) throw new PlatformError('NOT_FOUND');
  const { status = '' } = await call(context, 'POST', '/v1/refunds', { payment_intent: intent.id, amount: String(amountMinor), 'metadata[refund_id]': refundId }, `refund-${refundId}`) as { status?: string };
  const state = REFUNDS[status];
  if (state === undefined) throw new PlatformError('ANSWER_INVALID');
  return state;
}
