import type { EntityManager } from '@mikro-orm/postgresql';
import { orderExceptionRaised, orderExceptionResolved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { OrderException, type OrderExceptionRow } from '../entities/order-exception.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import { note, type Change } from './timeline.js';

/** Opens an exception of the order, or brings the open one of that code up to date. */
export async function raiseException(em: EntityManager, order: SalesOrderRow, code: OrderExceptionRow['code'], subjects: string[], change: Change): Promise<void> {
  const open = await em.findOne(OrderException, { orderId: order.id, code, state: 'OPEN' });
  if (open !== null) {
    open.subjects = subjects;
    return;
  }
  const exceptionId = newId('exc');
  em.create(OrderException, { id: exceptionId, tenantId: order.tenantId, orderId: order.id, connectionId: order.connectionId, code, subjects, state: 'OPEN', raisedAt: change.at });
  note(em, order, change, 'EXCEPTION_RAISED', { code, subjects });
  record(em, orderExceptionRaised({ tenantId: order.tenantId, sequence: order.version, data: { exceptionId, orderId: order.id, connectionId: order.connectionId, code, subjects } }));
}

/** Closes the order's open exceptions of these codes, or all of them. */
export async function resolveExceptions(em: EntityManager, order: SalesOrderRow, codes: readonly OrderExceptionRow['code'][] | 'all', change: Change): Promise<void> {
  // An order that is new has none.
  if (order.version === 0) return;
  const open = await em.find(OrderException, { orderId: order.id, state: 'OPEN', ...(codes !== 'all' && { code: { $in: [...codes] } }) });
  for (const exception of open) {
    exception.state = 'RESOLVED';
    exception.resolvedAt = change.at;
    note(em, order, change, 'EXCEPTION_RESOLVED', { code: exception.code });
    record(em, orderExceptionResolved({
      tenantId: order.tenantId, sequence: order.version,
      data: { exceptionId: exception.id, orderId: order.id, connectionId: order.connectionId, code: exception.code },
    }));
  }
}
