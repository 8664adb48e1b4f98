import { answer, closePayment, refundPayment, startPayment, type CallHandler } from '@quanyu/calls';

interface Opened { readonly amountMinor: number; readonly currency: string; state: 'OPEN' | 'PAID' | 'CLOSED'; refunded: Map<string, number> }

/**
 * Payment platforms as the bridge answers for them, in memory: payments are opened, paid, closed and refunded by the
 * rules of the real ones. A test pays with `pay`, and may have the platform fail.
 */
export class SandboxPayments {
  readonly payments = new Map<string, Opened>();
  /** What the next questions are refused with, oldest first. */
  readonly refusals: { readonly code: string; readonly retryable: boolean }[] = [];
  /** Refunds stay under way until this is false. */
  slowRefunds = false;
  /** Until when payments were said to last, and when refunds were said to be asked for, by their ids, each time that it was said. */
  readonly times = new Map<string, (string | undefined)[]>();

  readonly handlers: readonly CallHandler[] = [
    answer(startPayment, ({ paymentId, amountMinor, currency, expiresAt }) => Promise.resolve(this.#timed(paymentId, expiresAt) ?? this.#refused() ?? this.#start(paymentId, amountMinor, currency))),
    answer(closePayment, ({ paymentId, expiresAt }) => Promise.resolve(this.#timed(paymentId, expiresAt) ?? this.#refused() ?? this.#close(paymentId))),
    answer(refundPayment, ({ paymentId, refundId, amountMinor, askedAt }) => Promise.resolve(this.#timed(refundId, askedAt) ?? this.#refused() ?? this.#refund(paymentId, refundId, amountMinor))),
  ];

  /** The buyer pays: what the platform would tell of it. Throws where it takes no money for it. */
  pay(paymentId: string, amountMinor?: number): { paymentId: string; outcome: 'PAID'; amountMinor: number; currency: string; providerReference: string; occurredAt: string } {
    const payment = this.payments.get(paymentId);
    if (payment?.state !== 'OPEN') throw new Error('The platform takes no money for this payment');
    payment.state = 'PAID';
    return { paymentId, outcome: 'PAID', amountMinor: amountMinor ?? payment.amountMinor, currency: payment.currency, providerReference: `sandbox-${paymentId}`, occurredAt: new Date().toISOString() };
  }

  /** What has gone back of a payment, in all. */
  refundedOf(paymentId: string): number {
    return [...(this.payments.get(paymentId)?.refunded.values() ?? [])].reduce((sum, amount) => sum + amount, 0);
  }

  #timed(id: string, time: string | undefined): null {
    this.times.set(id, [...(this.times.get(id) ?? []), time]);
    return null;
  }

  #refused(): { kind: 'refused'; code: string; retryable: boolean } | null {
    const refusal = this.refusals.shift();
    return refusal === undefined ? null : { kind: 'refused', ...refusal };
  }

  #start(paymentId: string, amountMinor: number, currency: string): { kind: 'started'; providerReference: string; client: Record<string, string> } {
    if (!this.payments.has(paymentId)) this.payments.set(paymentId, { amountMinor, currency, state: 'OPEN', refunded: new Map() });
    return { kind: 'started', providerReference: `sandbox-${paymentId}`, client: { prepayId: `sandbox-${paymentId}` } };
  }

  #close(paymentId: string): { kind: 'closed' } | { kind: 'paid'; amountMinor: number; currency: string; providerReference: string } {
    const payment = this.payments.get(paymentId);
    if (payment?.state === 'PAID') return { kind: 'paid', amountMinor: payment.amountMinor, currency: payment.currency, providerReference: `sandbox-${paymentId}` };
    if (payment !== undefined) payment.state = 'CLOSED';
    return { kind: 'closed' };
  }

  #refund(paymentId: string, refundId: string, amountMinor: number): { kind: 'refunded' } | { kind: 'pending' } | { kind: 'refused'; code: string; retryable: boolean } {
    const payment = this.payments.get(paymentId);
    if (payment?.state !== 'PAID') return { kind: 'refused', code: 'NOT_PAID', retryable: false };
    if (!payment.refunded.has(refundId) && this.refundedOf(paymentId) + amountMinor > payment.amountMinor) return { kind: 'refused', code: 'MORE_THAN_PAID', retryable: false };
    payment.refunded.set(refundId, amountMinor);
    return this.slowRefunds ? { kind: 'pending' } : { kind: 'refunded' };
  }
}
