import { gathered } from '@quanyu/database';
import { defineListLoader, type GraphContext } from '@quanyu/subgraph';
import { Payment, Refund, type PaymentRow, type RefundRow } from '../entities/payment.entity.js';
import { Parcel, ParcelLine, type ParcelLineRow, type ParcelRow } from '../entities/parcel.entity.js';
import { TimelineEntry, type TimelineEntryRow } from '../entities/timeline-entry.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

// Callers have the order already: these show what belongs to it, one statement for each level.

export const timelineByOrder = defineListLoader<string, TimelineEntryRow>(
  (ctx, ids) => ctx.read((em) => em.find(TimelineEntry, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (entry) => entry.orderId);

export const parcelsByOrder = defineListLoader<string, ParcelRow>(
  (ctx, ids) => ctx.read((em) => em.find(Parcel, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (parcel) => parcel.orderId);

export const linesByParcel = defineListLoader<string, ParcelLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(ParcelLine, { tenantId: ctx.viewer.tenantId, parcelId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { orderLineId: 'asc' } })),
  (line) => line.parcelId);

export const paymentsByOrder = defineListLoader<string, PaymentRow>((ctx, ids) => readPayments(ctx.deps.database, { ctx, ids }), (payment) => payment.orderId);

/** Each answer to who starts a payment ends with it: those of the same moment are read together. */
const readPayments = gathered<{ readonly ctx: GraphContext; readonly ids: readonly string[] }, readonly PaymentRow[]>(async (_database, asked) => {
  const rows = await asked[0]!.input.ctx.rows(Payment, { orderId: [...new Set(asked.flatMap(({ input }) => input.ids))] as never }, { orderBy: { id: 'asc' } });
  return asked.map(({ input: { ids } }) => rows.filter(({ orderId }) => ids.includes(orderId)));
}, ({ ctx }) => ctx.viewer.tenantId);

export const refundsByOrder = defineListLoader<string, RefundRow>(
  (ctx, ids) => ctx.read((em) => em.find(Refund, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (refund) => refund.orderId);
