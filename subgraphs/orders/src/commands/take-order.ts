import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import { isNews } from '../domain/is-news.js';
import { endReason, isPaid } from '../domain/order-state.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import { advanceOrder, askForStock } from './advance-order.js';
import { raiseException } from './exceptions.js';
import { resolveSkus } from './resolve-skus.js';

type Received = EventOf<typeof orderReceived>['data'];

/** Takes a channel's order in, or what is new of it. An update older than what is known changes nothing. */
export async function takeOrder(em: EntityManager, vault: Vault, tenantId: string, told: Received): Promise<void> {
  const now = new Date();
  const known = await lockOrder(em, tenantId, told);
  if (known === null) return takeNew(em, vault, tenantId, told, now);
  const update = { updatedAt: new Date(told.updatedAt), paymentState: told.paymentState, cancelledAt: told.cancelledAt };
  if (!isNews({ updatedAt: known.externalUpdatedAt, paymentState: known.paymentState, cancelledAt: known.cancelReason === 'CANCELLED_BY_CHANNEL' ? known.cancelledAt ?? null : null }, update)) {
    // Nothing brings a cancelled order back: its end counts however old the picture is that came with it.
    if (told.cancelledAt !== null && known.status !== 'CANCELLED') await advanceOrder(em, known, now, 'CANCELLED_BY_CHANNEL');
    return;
  }
  copyFacts(known, vault, told, now);
  await followLines(em, known, told, now);
  await advanceOrder(em, known, now, endReason(told));
}

/** The row, locked; null when this transaction is the one that may insert it. */
async function lockOrder(em: EntityManager, tenantId: string, told: Received): Promise<SalesOrderRow | null> {
  const key = { tenantId, connectionId: told.connectionId, externalOrderId: told.externalOrderId };
  const find = (): Promise<SalesOrderRow | null> => em.findOne(SalesOrder, key, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const known = await find();
  if (known !== null) return known;
  // Two first tidings at once: the second waits here, then finds the row of the first.
  await em.execute("select pg_advisory_xact_lock(hashtext('orders.take'), hashtext(?))", [Object.values(key).join('/')]);
  return find();
}

async function takeNew(em: EntityManager, vault: Vault, tenantId: string, told: Received, now: Date): Promise<void> {
  const end = endReason(told);
  const id = newId('ord');
  const order = em.create(SalesOrder, {
    id, tenantId, connectionId: told.connectionId, platform: told.platform, externalOrderId: told.externalOrderId, orderNumber: told.orderNumber,
    status: 'RESERVING', stockState: 'NONE', paymentState: told.paymentState, rawStatus: told.rawStatus, refunded: false,
    placedAt: new Date(told.placedAt), externalUpdatedAt: new Date(told.updatedAt), ...told.amounts, customer: told.customer, version: 0,
  });
  copyFacts(order, vault, told, now);
  const lines = createLines(em, order, told);
  // Before anything is judged: rows that wait for this order's SKUs must be there for others to see.
  await em.flush();
  if (end === null) await askForStock(em, order, lines, await resolveSkus(em, tenantId, order.connectionId, lines), now);
  await advanceOrder(em, order, now, end);
}

function copyFacts(order: SalesOrderRow, vault: Vault, told: Received, now: Date): void {
  order.paymentState = told.paymentState;
  order.rawStatus = told.rawStatus;
  order.externalUpdatedAt = new Date(told.updatedAt);
  if (isPaid(told.paymentState)) order.paidAt ??= now;
  // What has been booked stays as it was booked; differences after that are refunds and have their own road.
  if (order.confirmedAt === null || order.confirmedAt === undefined) Object.assign(order, told.amounts);
  order.customer ??= told.customer;
  if (told.sealedShipTo !== null) {
    const plain = vault.open(told.sealedShipTo, { tenantId: order.tenantId, row: told.externalOrderId, field: 'shipTo' });
    order.sealedShipTo = vault.seal(plain, { tenantId: order.tenantId, row: order.id, field: 'shipTo' });
  }
}

const createLines = (em: EntityManager, order: SalesOrderRow, told: Received): OrderLineRow[] => told.lines.map((line) => em.create(OrderLine, {
  id: newId('lin'), tenantId: order.tenantId, orderId: order.id, ...line, skuId: null,
}));

/** Lines may change as long as nobody has been asked for stock; after that a person decides. */
async function followLines(em: EntityManager, order: SalesOrderRow, told: Received, now: Date): Promise<void> {
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  const print = (list: readonly { externalLineId: string; externalSku: string; quantity: number }[]): string =>
    JSON.stringify(list.map((line) => [line.externalLineId, line.externalSku, line.quantity]).sort());
  if (print(lines) === print(told.lines) || endReason(told) !== null || order.status === 'CANCELLED') return;
  if (order.stockState !== 'NONE') {
    const changed = told.lines.map((line) => line.externalSku);
    return raiseException(em, order, 'LINES_CHANGED', [...new Set(changed)], now);
  }
  for (const line of lines) em.remove(line);
  const fresh = createLines(em, order, told);
  await em.flush();
  await askForStock(em, order, fresh, await resolveSkus(em, order.tenantId, order.connectionId, fresh), now);
}
