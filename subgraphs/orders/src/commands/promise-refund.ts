import type { EntityManager } from '@mikro-orm/postgresql';
import { exponentOf } from '@quanyu/money';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { FOUR_EYES_FROM } from '../domain/after-sale.js';
import { refundable } from '../domain/refundable.js';
import type { AfterSaleRow } from '../entities/after-sale.entity.js';
import { Payment } from '../entities/payment.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { oweRefund } from './owe-refund.js';
import { ask, SEND_REFUND } from './settle-payment.js';
import type { Change } from './timeline.js';

/** Promises the money of an after-sale; from a sum on it waits for a second person. */
export async function promiseRefund(em: EntityManager, jobs: GraphContext['deps']['jobs'], order: SalesOrderRow, afterSale: AfterSaleRow, change: Change): Promise<Refusal<OrdersErrorCode> | null> {
  const amountMinor = afterSale.refundMinor;
  // Others of the order may have been promised meanwhile.
  if (amountMinor > refundable(order)) return refuse('MORE_THAN_PAID', 'afterSaleId');
  const payments = await em.find(Payment, { orderId: order.id, state: 'PAID' });
  const payment = payments.find(({ paidMinor, refundedMinor }) => paidMinor - refundedMinor >= amountMinor) ?? null;
  const toApprove = amountMinor >= await fourEyesFrom(em, order);
  const refund = await oweRefund(em, order, { payment, amountMinor, currency: order.currency, reason: 'AFTER_SALE', ofOrder: true, key: `after-sale:${afterSale.id}`, afterSaleId: afterSale.id, toApprove }, change);
  if (!toApprove) ask(em, jobs, SEND_REFUND, { tenantId: order.tenantId, refundId: refund.id }, refund.id);
  return null;
}

async function fourEyesFrom(em: EntityManager, { tenantId, currency }: SalesOrderRow): Promise<number> {
  const [rule] = await em.execute<{ from: string }[]>('select four_eyes_from_minor as from from refund_rule where tenant_id = ? and currency = ?', [tenantId, currency]);
  return rule === undefined ? FOUR_EYES_FROM * 10 ** exponentOf(currency) : Number(rule.from);
}
