import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Id } from '@quanyu/ids';
import type { OrderStatus, PaymentState } from '../domain/order-state.js';
import type { AfterSaleStage } from '../domain/platform-status.js';

/** The buyer as a channel knows them: keyed hashes and sealed text, nothing plain. */
export interface Customer { readonly externalId: string; readonly phoneIndex: string | null; readonly emailIndex: string | null; readonly sealed: string | null }

export const SalesOrder = defineEntity({
  name: 'SalesOrder',
  tableName: 'sales_order',
  properties: {
    id: p.string().primary().$type<Id<'ord'>>(),
    tenantId: p.string(),
    connectionId: p.string(),
    platform: p.string(),
    externalOrderId: p.string(),
    orderNumber: p.string(),
    status: p.string().$type<OrderStatus>(),
    stockState: p.enum(['NONE', 'WANTED', 'HELD', 'SHORT'] as const),
    paymentState: p.string().$type<PaymentState>(),
    rawStatus: p.string(),
    refunded: p.boolean(),
    cancelReason: p.string().nullable(),
    placedAt: p.datetime(),
    externalUpdatedAt: p.datetime(),
    paidAt: p.datetime().nullable(),
    confirmedAt: p.datetime().nullable(),
    cancelledAt: p.datetime().nullable(),
    currency: p.string(),
    itemsMinor: p.bigint('number'),
    discountMinor: p.bigint('number'),
    shippingMinor: p.bigint('number'),
    taxMinor: p.bigint('number'),
    taxesIncluded: p.boolean(),
    totalMinor: p.bigint('number'),
    customer: p.json<Customer>().nullable(),
    sealedShipTo: p.text().nullable(),
    /** As the buyer wished, in the channel's words. */
    shippingMethod: p.text().nullable(),
    sealedNotes: p.text().nullable(),
    source: p.enum(['CHANNEL', 'OWN'] as const),
    onHold: p.boolean(),
    holdReason: p.string().nullable(),
    shipped: p.enum(['NONE', 'PART', 'ALL'] as const),
    shippedAt: p.datetime().nullable(),
    completeAt: p.datetime().nullable(),
    completedAt: p.datetime().nullable(),
    channelAfterSale: p.string().$type<AfterSaleStage>(),
    afterSale: p.string().$type<AfterSaleStage>(),
    refundedMinor: p.bigint('number'),
    /** Of edits, not paid yet. */
    dueMinor: p.bigint('number').default(0),
    amendedMinor: p.bigint('number').default(0),
    editCount: p.integer().default(0),
    addressEdited: p.boolean().default(false),
    placeHash: p.string().nullable(),
    memberId: p.string().nullable(),
    /** Keyed hash of the phone number of a guest. */
    guestPhoneIndex: p.string().nullable(),
    payBy: p.datetime().nullable(),
    holdExtended: p.boolean(),
    /** Grows with each change; also the sequence of its events. */
    version: p.integer(),
  },
});
export type SalesOrderRow = InferEntity<typeof SalesOrder>;
