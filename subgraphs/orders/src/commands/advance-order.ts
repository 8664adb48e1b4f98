import type { EntityManager } from '@mikro-orm/postgresql';
import { orderCancelled, orderChanged, orderConfirmed, orderPlaced } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { nextStatus, type EndReason } from '../domain/order-state.js';
import type { OrderLineRow } from '../entities/order-line.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import { raiseException, resolveExceptions } from './exceptions.js';

/** Moves an order to the status that its facts mean, and tells what came of it. Call it last: it counts as the change. */
export async function advanceOrder(em: EntityManager, order: SalesOrderRow, at: Date, end: EndReason | null = null): Promise<void> {
  const before = order.status;
  order.version += 1;
  order.status = nextStatus({ status: before, stockState: order.stockState, paid: order.paidAt !== null, ended: end !== null });
  if (order.status === 'TO_SHIP' && order.confirmedAt === null) confirm(em, order, at);
  if (order.status === 'CANCELLED' && before !== 'CANCELLED') await cancel(em, order, end!, at);
  record(em, orderChanged({ tenantId: order.tenantId, sequence: order.version, data: { orderId: order.id, connectionId: order.connectionId, status: order.status } }));
}

/** Asks for stock once all lines are known; else an exception says which are not. */
export async function askForStock(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], unknown: string[], at: Date): Promise<void> {
  if (unknown.length > 0) return raiseException(em, order, 'UNKNOWN_SKU', unknown, at);
  await resolveExceptions(em, order, ['UNKNOWN_SKU', 'STOCK_SHORT'], at);
  order.stockState = 'WANTED';
  record(em, orderPlaced({
    tenantId: order.tenantId, sequence: order.version,
    data: {
      orderId: order.id, connectionId: order.connectionId, customer: order.customer ?? null,
      lines: lines.map((line) => ({ lineId: line.id, skuId: line.skuId!, quantity: line.quantity })),
    },
  }));
}

function confirm(em: EntityManager, order: SalesOrderRow, at: Date): void {
  order.confirmedAt = at;
  const { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor } = order;
  record(em, orderConfirmed({
    tenantId: order.tenantId, sequence: order.version,
    data: {
      orderId: order.id, connectionId: order.connectionId, customer: order.customer ?? null, paidAt: order.paidAt!.toISOString(),
      amounts: { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor },
    },
  }));
}

async function cancel(em: EntityManager, order: SalesOrderRow, reason: EndReason, at: Date): Promise<void> {
  order.cancelledAt = at;
  order.cancelReason = reason;
  order.refunded = reason === 'REFUNDED';
  await resolveExceptions(em, order, 'all', at);
  record(em, orderCancelled({ tenantId: order.tenantId, sequence: order.version, data: { orderId: order.id, connectionId: order.connectionId, reason, wasConfirmed: order.confirmedAt !== null } }));
}
