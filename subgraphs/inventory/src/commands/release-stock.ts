import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { stockReleased } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { Reservation, ReservationLine } from '../entities/reservation.entity.js';
import { StockLevel } from '../entities/stock-level.entity.js';
import { recordLevel } from './record-level.js';

/** Ends an order's hold. An order that has not asked yet is marked, so that a late ask holds nothing. */
export async function releaseStock(em: EntityManager, { tenantId, orderId }: { readonly tenantId: string; readonly orderId: string }): Promise<void> {
  await em.execute("insert into reservation (id, tenant_id, order_id, state) values (?, ?, ?, 'SHORT') on conflict do nothing", [newId('rsv'), tenantId, orderId]);
  const reservation = await em.findOneOrFail(Reservation, { tenantId, orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (reservation.state === 'RELEASED') return;
  const wasHeld = reservation.state === 'HELD';
  const now = new Date();
  reservation.state = 'RELEASED';
  reservation.releasedAt = now;
  if (!wasHeld) return;

  const lines = await em.find(ReservationLine, { reservationId: reservation.id });
  const levels = await em.find(StockLevel, { tenantId, id: { $in: lines.map((line) => line.stockLevelId) } }, { orderBy: { skuId: 'asc', id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE });
  for (const level of levels) {
    level.reserved -= lines.find((line) => line.stockLevelId === level.id)!.quantity;
    recordLevel(em, level, now);
  }
  record(em, stockReleased({ tenantId, sequence: 2, data: { orderId, reservationId: reservation.id, reason: 'ORDER_CANCELLED' } }));
}
