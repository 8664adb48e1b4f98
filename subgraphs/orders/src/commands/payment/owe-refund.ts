import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { RefundReason } from '../../domain/payment.js';
import { Refund, type PaymentRow, type RefundRow } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { note, type Change } from '../life/timeline.js';

export interface Owed {
  readonly payment: PaymentRow | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: RefundReason;
  /** The deed that it follows from; the same deed twice is one refund. */
  readonly key: string;
  /** Whether it lowers what the order brought in: money that came too late or twice never counted. */
  readonly ofOrder: boolean;
  readonly afterSaleId?: string;
  /** A second pair of eyes has to see it first. */
  readonly toApprove?: boolean;
}

/**
 * Promises money back, once for each key. The sums of order and payment grow with it, so that two at once cannot go
 * beyond what came in: the database refuses the second. Paid back by a job, or by a person where no platform can.
 */
export async function oweRefund(em: EntityManager, order: SalesOrderRow, owed: Owed, change: Change): Promise<RefundRow> {
  const known = await em.findOne(Refund, { orderId: order.id, key: owed.key });
  if (known !== null) return known;
  const { payment, reason, ofOrder } = owed;
  if (ofOrder) order.refundedMinor += owed.amountMinor;
  if (payment !== null) payment.refundedMinor += owed.amountMinor;
  const route = payment !== null && payment.provider !== 'BY_HAND' ? 'PROVIDER' : 'OUTSIDE';
  const refund = em.create(Refund, {
    id: newId('rfd'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, paymentId: payment?.id, afterSaleId: owed.afterSaleId, route,
    state: owed.toApprove === true ? 'TO_APPROVE' : 'DUE', amountMinor: owed.amountMinor, currency: owed.currency, reason, ofOrder, key: owed.key, askedBy: change.by.id,
    attempts: 0, nextTryAt: change.at, createdAt: change.at,
  });
  note(em, order, change, 'REFUND_DUE', { refundId: refund.id, amountMinor: owed.amountMinor, currency: owed.currency, reason });
  return refund;
}
