import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { SalesOrder } from '../entities/sales-order.entity.js';
import { advanceOrder } from './advance-order.js';
import { raiseException, resolveExceptions } from './exceptions.js';

/** Takes inventory's answer into the order: its stock is held, or some SKUs are short. */
export async function settleStock(em: EntityManager, orderId: string, answer: { readonly kind: 'held' } | { readonly kind: 'short'; readonly skuIds: string[] }): Promise<void> {
  const order = await em.findOne(SalesOrder, { id: orderId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  // A cancelled order does not care: inventory hears of the cancellation and gives the units back.
  if (order === null || order.status === 'CANCELLED' || order.stockState === 'HELD') return;
  const now = new Date();
  if (answer.kind === 'held') {
    order.stockState = 'HELD';
    await resolveExceptions(em, order, ['STOCK_SHORT'], now);
  } else {
    order.stockState = 'SHORT';
    await raiseException(em, order, 'STOCK_SHORT', answer.skuIds, now);
  }
  await advanceOrder(em, order, now);
}
