import { json } from '../json-answer.js';
import { PaymentStore, type StoredPayment } from '../payment-store.js';
import type { SandboxPlatform, SandboxRequest, SandboxResponse } from '../server/sandbox.js';

const refuse = (status: number, code: string): SandboxResponse => json(status, { error: { type: 'invalid_request_error', code, message: code } });

/** An account of Stripe, with keys by which a call counts once. */
export class StripeAccount {
  readonly store = new PaymentStore();
  /** Movements of the balance, newest first within a day as Stripe tells them. */
  readonly movements: { readonly day: string; readonly body: Readonly<Record<string, unknown>> & { readonly id: string } }[] = [];
  readonly #done = new Map<string, { readonly asked: string; readonly answer: SandboxResponse }>();

  constructor(readonly id: string, readonly secretKey: string) {}

  answer(request: SandboxRequest): SandboxResponse {
    if (request.headers['authorization'] !== `Bearer ${this.secretKey}`) return refuse(401, 'api_key_expired');
    const key = request.headers['idempotency-key'];
    const asked = `${request.path}?${request.body.toString()}`;
    const done = key === undefined ? undefined : this.#done.get(key);
    if (done !== undefined) return done.asked === asked ? done.answer : refuse(400, 'idempotency_key_in_use');
    const answer = this.#route(request, new URLSearchParams(request.body.toString()));
    if (key !== undefined && answer.status < 500) this.#done.set(key, { asked, answer });
    return answer;
  }

  #route({ method, path, query }: SandboxRequest, form: URLSearchParams): SandboxResponse {
    if (path === '/v1/account') return json(200, { id: this.id, object: 'account' });
    if (path === '/v1/balance_transactions') return this.#balance(query);
    if (path === '/v1/payment_intents/search') {
      const id = /^metadata\['payment_id'\]:'([^']*)'$/.exec(query.get('query') ?? '')?.[1] ?? '';
      const payment = this.store.payments.get(id);
      return json(200, { object: 'search_result', data: payment === undefined ? [] : [this.#intent(payment)], has_more: false });
    }
    if (method === 'POST' && path === '/v1/payment_intents') {
      if (!/^\d+$/.test(form.get('amount') ?? '') || !/^[a-z]{3}$/.test(form.get('currency') ?? '')) return refuse(400, 'parameter_invalid_integer');
      return json(200, this.#intent(this.store.begin(form.get('metadata[payment_id]') ?? '', `pi_FAKE${this.store.payments.size}`, Number(form.get('amount')), form.get('currency')!.toUpperCase(), '')));
    }
    const cancelled = /^\/v1\/payment_intents\/(\w+)\/cancel$/.exec(path)?.[1];
    const payment = [...this.store.payments.values()].find(({ platformId }) => platformId === (cancelled ?? form.get('payment_intent')));
    if (payment === undefined) return refuse(404, 'resource_missing');
    if (cancelled !== undefined) {
      if (payment.state === 'PAID') return refuse(400, 'payment_intent_unexpected_state');
      payment.state = 'CLOSED';
      return json(200, this.#intent(payment));
    }
    if (path !== '/v1/refunds') return refuse(404, 'resource_missing');
    if (!this.store.refund(payment, form.get('metadata[refund_id]') ?? '', Number(form.get('amount')))) return refuse(400, 'charge_already_refunded');
    return json(200, { id: 're_FAKE', object: 'refund', status: 'succeeded', amount: Number(form.get('amount')) });
  }

  #balance(query: URLSearchParams): SandboxResponse {
    const day = new Date(Number(query.get('created[gte]')) * 1000).toISOString().slice(0, 10);
    const all = this.movements.filter((one) => one.day === day).map(({ body }) => body);
    const from = query.get('starting_after') === null ? 0 : all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const limit = Number(query.get('limit') ?? '10');
    return json(200, { object: 'list', data: all.slice(from, from + limit), has_more: from + limit < all.length });
  }

  #intent(payment: StoredPayment): object {
    const refunded = this.store.refunded(payment);
    return {
      id: payment.platformId, object: 'payment_intent', amount: payment.totalMinor, currency: payment.currency.toLowerCase(), created: 1_772_323_200, metadata: { payment_id: payment.id },
      client_secret: `${payment.platformId}_secret_FAKE`, status: { PENDING: 'requires_payment_method', PAID: 'succeeded', CLOSED: 'canceled' }[payment.state],
      latest_charge: payment.state === 'PAID' ? { id: 'ch_FAKE', object: 'charge', amount_refunded: refunded, refunded: refunded === payment.totalMinor } : null,
    };
  }
}

export const stripeSandbox = (account: StripeAccount): SandboxPlatform => ({ name: 'stripe', owns: (host) => host === 'api.stripe.com', answer: (request) => account.answer(request) });
