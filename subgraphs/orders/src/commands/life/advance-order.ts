import type { EntityManager } from '@mikro-orm/postgresql';
import { orderCancelled, orderChanged, orderConfirmed, orderPlaced } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { isConfirmed, nextStatus, type EndReason, type OrderStatus } from '../../domain/order-state.js';
import type { Deed } from '../../domain/actor.js';
import type { OrderLineRow } from '../../entities/order-line.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { undoAmendments } from './amend-order.js';
import { raiseException, resolveExceptions } from './exceptions.js';
import { note, type Change } from './timeline.js';

/** What the timeline says of a new status that nothing else has told of. */
const DEED_OF = { SHIPPED: 'SHIPPED', COMPLETED: 'COMPLETED', CANCELLED: 'CANCELLED', TO_SHIP: 'CONFIRMED', PENDING_PAYMENT: 'STOCK_HELD', RESERVING: 'UPDATED' } as const satisfies Record<OrderStatus, Deed>;

/** Moves an order to the status that its facts mean, and tells what came of it. Call it last: it counts as the change. */
export async function advanceOrder(em: EntityManager, order: SalesOrderRow, change: Change, end: EndReason | null = null): Promise<void> {
  const before = order.status;
  order.version += 1;
  order.status = nextStatus({
    status: before, stockState: order.stockState, paid: order.paidAt !== null && order.paidAt !== undefined, ended: end !== null,
    shipped: order.shipped === 'ALL', completed: order.completedAt !== null && order.completedAt !== undefined,
  });
  if (isConfirmed(order.status) && !order.confirmedAt) confirm(em, order, change);
  if (order.status === 'CANCELLED' && before !== 'CANCELLED') await cancel(em, order, end!, change);
  // Only orders of members may have been waited for.
  if (order.status === 'SHIPPED' && before !== 'SHIPPED' && order.memberId) await resolveExceptions(em, order, ['SEND_SOON'], change);
  if (order.status !== before && order.status !== 'CANCELLED' && order.status !== 'TO_SHIP') note(em, order, change, DEED_OF[order.status]);
  record(em, orderChanged({ tenantId: order.tenantId, sequence: order.version, data: { orderId: order.id, connectionId: order.connectionId, status: order.status } }));
}

/** Asks for stock once all lines are known; else an exception says which are not. */
export async function askForStock(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], unknown: string[], change: Change): Promise<void> {
  if (unknown.length > 0) return raiseException(em, order, 'UNKNOWN_SKU', unknown, change);
  await resolveExceptions(em, order, ['UNKNOWN_SKU', 'STOCK_SHORT', 'NO_LINES', 'BAD_QUANTITY'], change);
  order.stockState = 'WANTED';
  wantStock(em, order, lines);
}

/** Tells inventory what the order wants; the answer comes as an event. */
export function wantStock(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[]): void {
  record(em, orderPlaced({
    tenantId: order.tenantId, sequence: order.version,
    data: {
      orderId: order.id, connectionId: order.connectionId, customer: order.customer ?? null,
      lines: lines.map((line) => ({ lineId: line.id, skuId: line.skuId!, quantity: line.quantity })),
    },
  }));
}

function confirm(em: EntityManager, order: SalesOrderRow, change: Change): void {
  order.confirmedAt = change.at;
  note(em, order, change, 'CONFIRMED');
  const { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor } = order;
  record(em, orderConfirmed({
    tenantId: order.tenantId, sequence: order.version,
    data: {
      orderId: order.id, connectionId: order.connectionId, customer: order.customer ?? null, paidAt: order.paidAt!.toISOString(), confirmedAt: change.at.toISOString(),
      amounts: { currency, itemsMinor, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor },
    },
  }));
}

async function cancel(em: EntityManager, order: SalesOrderRow, reason: EndReason, change: Change): Promise<void> {
  order.cancelledAt = change.at;
  order.cancelReason = reason;
  order.refunded ||= reason === 'REFUNDED';
  order.onHold = false;
  note(em, order, change, 'CANCELLED', { reason });
  await resolveExceptions(em, order, 'all', change);
  undoAmendments(em, order);
  const moreHolds = order.editCount === 0 ? [] : (await em.execute<{ key: string }[]>('select distinct key from order_hold where order_id = ? order by key', [order.id])).map(({ key }) => key);
  record(em, orderCancelled({
    tenantId: order.tenantId, sequence: order.version,
    data: { orderId: order.id, connectionId: order.connectionId, reason, wasConfirmed: Boolean(order.confirmedAt), ...(moreHolds.length > 0 && { moreHolds }) },
  }));
}
