import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { PaymentStep, Provider, RefundReason, RefundState } from '../domain/payment.js';

export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: p.string().primary().$type<Id<'pay'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    provider: p.string().$type<Provider>(),
    state: p.string().$type<PaymentStep>(),
    amountMinor: p.bigint('number'),
    currency: p.string(),
    paidMinor: p.bigint('number'),
    refundedMinor: p.bigint('number'),
    providerReference: p.string().nullable(),
    client: p.json<Readonly<Record<string, string>>>().nullable(),
    startedAt: p.datetime(),
    expiresAt: p.datetime().nullable(),
    paidAt: p.datetime().nullable(),
    nextTryAt: p.datetime().nullable(),
  },
});
export type PaymentRow = InferEntity<typeof Payment>;

export const Refund = defineEntity({
  name: 'Refund',
  tableName: 'refund',
  properties: {
    id: p.string().primary().$type<Id<'rfd'>>(),
    tenantId: p.string(),
    orderId: p.string().$type<Id<'ord'>>(),
    connectionId: p.string(),
    paymentId: p.string().$type<Id<'pay'>>().nullable(),
    afterSaleId: p.string().nullable(),
    route: p.enum(['PROVIDER', 'OUTSIDE'] as const),
    state: p.string().$type<RefundState>(),
    amountMinor: p.bigint('number'),
    currency: p.string(),
    reason: p.string().$type<RefundReason>(),
    ofOrder: p.boolean(),
    key: p.string(),
    askedBy: p.string(),
    approvedBy: p.string().nullable(),
    attempts: p.integer(),
    nextTryAt: p.datetime().nullable(),
    failureCode: p.string().nullable(),
    sentAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    doneAt: p.datetime().nullable(),
  },
});
export type RefundRow = InferEntity<typeof Refund>;
