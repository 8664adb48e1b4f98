import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { stockReserved, stockShort } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { allocate, type Decision, type Wanted } from '../domain/allocate.js';
import { Reservation, ReservationLine } from '../entities/reservation.entity.js';
import { StockLevel } from '../entities/stock-level.entity.js';
import { recordLevel } from './record-level.js';

export interface ReserveStock { readonly tenantId: string; readonly orderId: string; readonly lines: readonly Wanted[] }

/** Holds all lines of an order, or none. Idempotent by order: only an ask that was short is judged anew. */
export async function reserveStock(em: EntityManager, { tenantId, orderId, lines }: ReserveStock): Promise<Decision | { kind: 'already' }> {
  // The reservation's unique key is the first lock: two asks for one order queue here, not at the stock.
  await em.execute("insert into reservation (id, tenant_id, order_id, state) values (?, ?, ?, 'SHORT') on conflict do nothing", [newId('rsv'), tenantId, orderId]);
  const reservation = await em.findOneOrFail(Reservation, { tenantId, orderId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (reservation.state !== 'SHORT') return { kind: 'already' };

  // In one order, always: two orders with the same SKUs would deadlock otherwise.
  const levels = await em.find(StockLevel, { tenantId, skuId: { $in: lines.map((line) => line.skuId) } }, { orderBy: { skuId: 'asc', id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE });
  const decision = allocate(levels, lines);
  if (decision.kind === 'short') {
    record(em, stockShort({ tenantId, sequence: 1, data: { orderId, lines: decision.shortages.map((shortage) => ({ ...shortage })) } }));
    return decision;
  }

  const now = new Date();
  reservation.state = 'HELD';
  for (const { levelId, skuId, quantity } of decision.allocations) {
    const level = levels.find((candidate) => candidate.id === levelId)!;
    level.reserved += quantity;
    recordLevel(em, level, now);
    em.create(ReservationLine, { reservationId: reservation.id, stockLevelId: level.id, tenantId, skuId, quantity });
  }
  record(em, stockReserved({
    tenantId, sequence: 1,
    data: { orderId, reservationId: reservation.id, lines: decision.allocations.map(({ skuId, quantity }) => ({ skuId, quantity })) },
  }));
  return decision;
}
