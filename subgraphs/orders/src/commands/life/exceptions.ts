import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { isNamedException, orderExceptionRaised, orderExceptionRaised2, orderExceptionResolved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { OrderException, type OrderExceptionRow } from '../../entities/order-exception.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { note, type Change } from './timeline.js';

/** After so long stock is asked again for an order that waits for it. */
export const WAIT_MINUTES = 30;

/** Opens an exception of the order, or brings the open one of that code up to date. What a person has agreed to is not raised again. */
export async function raiseException(em: EntityManager, order: SalesOrderRow, code: OrderExceptionRow['code'], subjects: string[], change: Change): Promise<void> {
  const open = await em.findOne(OrderException, { orderId: order.id, code, $or: [{ state: { $in: ['OPEN', 'WAITING'] } }, { acceptedAt: { $ne: null } }] }, { orderBy: { id: 'desc' } });
  if (open !== null && open.state !== 'RESOLVED') {
    open.subjects = subjects;
    return;
  }
  // Goods that were short, came and are short again are a new thing.
  if (open !== null && code !== 'STOCK_SHORT' && isDeepStrictEqual(open.subjects, subjects)) return;
  const exceptionId = newId('exc');
  em.create(OrderException, { id: exceptionId, tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, code, subjects, state: 'OPEN', raisedAt: change.at });
  note(em, order, change, 'EXCEPTION_RAISED', { code, subjects });
  const told = { exceptionId, orderId: order.id, connectionId: order.connectionId, subjects };
  const { tenantId, version: sequence } = order;
  record(em, isNamedException(code) ? orderExceptionRaised({ tenantId, sequence, data: { ...told, code } }) : orderExceptionRaised2({ tenantId, sequence, data: { ...told, code } }));
}

/** Closes the order's open exceptions of these codes, or all of them. */
export async function resolveExceptions(em: EntityManager, order: SalesOrderRow, codes: readonly OrderExceptionRow['code'][] | 'all', change: Change): Promise<void> {
  // An order that is new has none.
  if (order.version === 0) return;
  const open = await em.find(OrderException, { orderId: order.id, state: { $in: ['OPEN', 'WAITING'] }, ...(codes !== 'all' && { code: { $in: [...codes] } }) });
  for (const exception of open) {
    note(em, order, change, 'EXCEPTION_RESOLVED', { code: exception.code });
    settleException(em, order, exception, 'RESOLVED', change);
  }
}

/** It is off the list of who works; one that waits has been told as gone before. */
export function settleException(em: EntityManager, order: SalesOrderRow, exception: OrderExceptionRow, state: 'WAITING' | 'RESOLVED', change: Change): void {
  if (exception.state === 'OPEN') {
    record(em, orderExceptionResolved({
      tenantId: order.tenantId, sequence: order.version,
      data: { exceptionId: exception.id, orderId: order.id, connectionId: order.connectionId, code: exception.code },
    }));
  }
  exception.state = state;
  if (state === 'RESOLVED') Object.assign(exception, { resolvedAt: change.at, nextTryAt: null });
}
