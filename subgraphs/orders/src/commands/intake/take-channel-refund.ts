import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import { isConfirmed } from '../../domain/order-state.js';
import { refundable } from '../../domain/refundable.js';
import { AfterSale } from '../../entities/after-sale.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { moveAfterSale } from '../after-sale/end-after-sale.js';
import { oweRefund } from '../payment/owe-refund.js';
import { refundDone } from '../payment/send-refund.js';
import type { Change } from '../life/timeline.js';

/**
 * A channel has given back all the money of an order that was sent: an after-sale of its own, kept as one of ours that
 * is done, so that points and postings follow. Once; what had gone back before is not told again.
 */
export async function takeChannelRefund(em: EntityManager, order: SalesOrderRow, change: Change): Promise<void> {
  const amountMinor = refundable(order);
  if (order.paymentState !== 'REFUNDED' || !isConfirmed(order.status) || order.shipped === 'NONE' || amountMinor === 0) return;
  const afterSale = em.create(AfterSale, {
    id: newId('afs'), tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, kind: 'REFUND_ONLY', state: 'REFUNDING', reason: 'CHANNEL', evidence: [], refundMinor: amountMinor,
    currency: order.currency, requestedBy: change.by.id, requestedAt: change.at, decideBy: change.at, decidedBy: change.by.id, version: 0,
  });
  await moveAfterSale(em, order, afterSale, 'REFUNDING', change);
  const refund = await oweRefund(em, order, { payment: null, amountMinor, currency: order.currency, reason: 'AFTER_SALE', ofOrder: true, key: 'channel', afterSaleId: afterSale.id }, change);
  await refundDone(em, order, refund, change);
}
