import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { refundable } from '../../domain/refundable.js';
import type { AfterSaleRow } from '../../entities/after-sale.entity.js';
import { Payment } from '../../entities/payment.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { needsSecondPerson } from './four-eyes.js';
import { oweRefund } from './owe-refund.js';
import { ask, SEND_REFUND } from './settle-payment.js';
import type { Change } from '../life/timeline.js';

/** Promises the money of an after-sale; from a sum on it waits for a second person. */
export async function promiseRefund(em: EntityManager, jobs: GraphContext['deps']['jobs'], order: SalesOrderRow, afterSale: AfterSaleRow, change: Change): Promise<Refusal<OrdersErrorCode> | null> {
  const amountMinor = afterSale.refundMinor;
  // Others of the order may have been promised meanwhile.
  if (amountMinor > refundable(order)) return refuse('MORE_THAN_PAID', 'afterSaleId');
  const payments = await em.find(Payment, { orderId: order.id, state: 'PAID' });
  const payment = payments.find(({ paidMinor, refundedMinor }) => paidMinor - refundedMinor >= amountMinor) ?? null;
  const toApprove = await needsSecondPerson(em, order, amountMinor);
  const refund = await oweRefund(em, order, { payment, amountMinor, currency: order.currency, reason: 'AFTER_SALE', ofOrder: true, key: `after-sale:${afterSale.id}`, afterSaleId: afterSale.id, toApprove }, change);
  if (!toApprove) ask(em, jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
  return null;
}
