import { z } from 'zod';
import { defineCall } from '../define-call.js';

const id = z.string().min(1).max(64);
/** The platforms that a buyer can pay with. */
export const ONLINE_PROVIDERS = ['WECHAT_PAY', 'ALIPAY', 'STRIPE', 'UNIONPAY'] as const;

const payment = { tenantId: id, paymentId: id, connectionId: id, provider: z.enum(ONLINE_PROVIDERS), amountMinor: z.int().positive(), currency: z.string().regex(/^[A-Z]{3}$/) };
const refused = z.object({ kind: z.literal('refused'), /** Short, never the platform's text. */ code: z.string().max(64), retryable: z.boolean() });
/** Tells what the platform took, where it took something. */
const paid = z.object({ kind: z.literal('paid'), amountMinor: z.int(), currency: z.string(), providerReference: z.string().max(128) });

/**
 * Opens a payment at its platform: a WeChat JSAPI prepay, an Alipay trade, a Stripe intent. Idempotent by `paymentId`,
 * which is our number of it there. What the platform tells later comes as `bridge.payment-notified.v1`.
 */
export const startPayment = defineCall('bridge.start-payment', {
  callers: ['orders'],
  input: z.object({
    ...payment,
    orderNumber: z.string().max(64), description: z.string().max(128),
    /** The payer's id at the platform (an openid), where it asks for one. */
    payerId: z.string().max(128).nullable(),
    /** After it the platform takes no money for it. */
    expiresAt: z.iso.datetime(),
  }),
  output: z.discriminatedUnion('kind', [
    /** `client`: what the buyer's app hands to the platform's own code, as it is. */
    z.object({ kind: z.literal('started'), providerReference: z.string().max(128).nullable(), client: z.record(z.string(), z.string()) }),
    refused,
  ]),
});

/** Ends a payment at its platform, so that nobody can pay it any more. Safe to repeat; says so where it has been paid. */
export const closePayment = defineCall('bridge.close-payment', {
  callers: ['orders'],
  input: z.object({ ...payment, /** As it was started with: some platforms end a payment by its time alone. */ expiresAt: z.iso.datetime().optional() }),
  output: z.discriminatedUnion('kind', [z.object({ kind: z.literal('closed') }), paid, refused]),
});

/** Gives money of a payment back. Idempotent by `refundId`: asked again it tells what became of it. */
export const refundPayment = defineCall('bridge.refund-payment', {
  callers: ['orders'],
  input: z.object({ ...payment, refundId: id, /** Of the payment; `amountMinor` is what goes back. */ paidMinor: z.int().positive(), reason: z.string().max(64), /** When it was sent first, the same each time. */ askedAt: z.iso.datetime().optional() }),
  output: z.discriminatedUnion('kind', [z.object({ kind: z.literal('refunded') }), z.object({ kind: z.literal('pending') }), refused]),
});
