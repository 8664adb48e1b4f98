import type { EntityManager } from '@mikro-orm/postgresql';
import { orderAmended } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';

/** Tells books, points and figures what the order costs by now, as far as it is paid. */
export function amend(em: EntityManager, order: SalesOrderRow, { editId, beforeMinor }: { readonly editId: string; readonly beforeMinor: number }): void {
  const { tenantId, connectionId, currency } = order;
  const afterMinor = order.totalMinor - order.dueMinor;
  if (afterMinor === beforeMinor || !order.confirmedAt) return;
  order.amendedMinor += afterMinor - beforeMinor;
  record(em, orderAmended({ tenantId, sequence: order.version + 1, data: { orderId: order.id, connectionId, editId, currency, beforeMinor, afterMinor, confirmedAt: order.confirmedAt.toISOString() } }));
}

/** Before an edited order is cancelled: then what is reversed is just what was booked when it was confirmed. */
export function undoAmendments(em: EntityManager, order: SalesOrderRow): void {
  const { tenantId, connectionId, currency, amendedMinor } = order;
  if (amendedMinor === 0 || !order.confirmedAt) return;
  const beforeMinor = order.totalMinor - order.dueMinor;
  order.amendedMinor = 0;
  record(em, orderAmended({ tenantId, sequence: order.version, data: { orderId: order.id, connectionId, editId: `${order.id}/cancelled`, currency, beforeMinor, afterMinor: beforeMinor - amendedMinor, confirmedAt: order.confirmedAt.toISOString() } }));
}
