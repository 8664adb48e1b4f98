import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actionable } from '../../domain/order-actions.js';
import { refundable } from '../../domain/refundable.js';
import { OrderException } from '../../entities/order-exception.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';

/** An order by its id, locked until the transaction ends. */
export const lockOrder = (em: EntityManager, orderId: string): Promise<SalesOrderRow | null> =>
  em.findOne(SalesOrder, { id: orderId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });

/** Locks these orders, in one order. One that nobody knows of is missing. */
export async function lockOrders(em: EntityManager, orderIds: readonly string[]): Promise<ReadonlyMap<string, SalesOrderRow>> {
  const rows = await em.find(SalesOrder, { id: { $in: orderIds as never[] } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  return new Map(rows.map((order) => [order.id, order]));
}

/** What the rules of actions look at. */
export const actionable = (order: SalesOrderRow, hasOpenException = false): Actionable => ({ ...order, paidAt: order.paidAt ?? null, refundableMinor: refundable(order), hasOpenException });

/** Whether something of it waits for a person; only shipping asks. */
export const hasOpenException = async (em: EntityManager, order: SalesOrderRow): Promise<boolean> => (await em.count(OrderException, { orderId: order.id, state: 'OPEN', code: { $ne: 'SEND_SOON' } })) > 0;
