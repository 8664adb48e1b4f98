import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, orderReceived } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import { channelActor } from '../../domain/actor.js';
import { missingOf, type ToldAddress } from '../../domain/delivery-address.js';
import { isNews } from '../../domain/is-news.js';
import { distinctLines, keptQuantity, lineFault } from '../../domain/judge-lines.js';
import { endReason, isPaid, type EndReason } from '../../domain/order-state.js';
import { meaningOf } from '../../domain/platform-status.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import { advanceOrder, askForStock } from '../life/advance-order.js';
import { raiseException, resolveExceptions } from '../life/exceptions.js';
import { followParcels } from '../shipping/follow-parcels.js';
import { floorsOf, judgePrices, type Floors } from './judge-prices.js';
import { nameKey, resolveSkus, skuIdsOf, type SkuNames } from './resolve-skus.js';
import { takeChannelRefund } from './take-channel-refund.js';
import { note, type Change } from '../life/timeline.js';

type Received = EventOf<typeof orderReceived>['data'];

/** What is known of channels' orders that came together, each once: read at once, and locked. */
export interface KnownOrders {
  readonly tenantId: string;
  /** By connection and the channel's id. A missing one this transaction alone may insert. */
  readonly rows: ReadonlyMap<string, SalesOrderRow>;
  readonly skuIds: SkuNames;
}

/** Reads and locks what is known of these orders. */
export async function lockKnownOrders(em: EntityManager, tenantId: string, told: readonly Received[]): Promise<KnownOrders> {
  // Two first tidings of one order at once: the second waits here, then finds the row of the first. All in one order.
  await em.execute(
    "select pg_advisory_xact_lock(key) from (select distinct hashtextextended('orders.take/' || name, 0) as key from jsonb_array_elements_text(?::jsonb) name order by key) sorted",
    [JSON.stringify(told.map((order) => `${tenantId}/${keyOf(order)}`))]);
  const found = await em.find(SalesOrder, { tenantId, $or: told.map(({ connectionId, externalOrderId }) => ({ connectionId, externalOrderId })) }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  const rows = new Map(found.map((order) => [keyOf(order), order]));
  const fresh = told.filter((order) => !rows.has(keyOf(order)));
  return { tenantId, rows, skuIds: await skuIdsOf(em, tenantId, fresh.flatMap(({ connectionId, lines }) => lines.map(({ externalSku }) => ({ connectionId, name: externalSku })))) };
}

const keyOf = ({ connectionId, externalOrderId }: { connectionId?: string | null; externalOrderId?: string | null }): string => `${connectionId}/${externalOrderId}`;

/** Takes a channel's order in, or what is new of it. An update older than what is known changes nothing. */
export async function takeOrder(em: EntityManager, vault: Vault, { tenantId, rows, skuIds }: KnownOrders, received: Received): Promise<void> {
  const told = { ...received, lines: distinctLines(received.lines) };
  const change = { at: new Date(), by: channelActor(told.connectionId) };
  const known = rows.get(keyOf(told));
  if (known === undefined) return takeNew(em, vault, tenantId, told, skuIds, change);
  const update = { updatedAt: new Date(told.updatedAt), paymentState: told.paymentState, cancelledAt: told.cancelledAt };
  if (!isNews({ updatedAt: known.externalUpdatedAt, paymentState: known.paymentState, cancelledAt: known.cancelReason === 'CANCELLED_BY_CHANNEL' ? known.cancelledAt ?? null : null }, update)) {
    // Nothing brings a cancelled order back: its end counts however old the picture is that came with it.
    if (told.cancelledAt !== null && known.status !== 'CANCELLED') await advanceOrder(em, known, change, 'CANCELLED_BY_CHANNEL');
    return;
  }
  const was = known.rawStatus;
  copyFacts(known, vault, told, change);
  if (was !== told.rawStatus) note(em, known, change, 'UPDATED', { rawStatus: told.rawStatus });
  await judgeAddress(em, vault, known, told, change);
  await followLines(em, known, told, change);
  await followParcels(em, known, change);
  await takeChannelRefund(em, known, change);
  await advanceOrder(em, known, change, endOf(told));
}

async function takeNew(em: EntityManager, vault: Vault, tenantId: string, told: Received, skuIds: SkuNames, change: Change): Promise<void> {
  const end = endOf(told);
  const id = newId('ord');
  const order = em.create(SalesOrder, {
    id, tenantId, connectionId: told.connectionId, platform: told.platform, externalOrderId: told.externalOrderId, orderNumber: told.orderNumber,
    status: 'RESERVING', stockState: 'NONE', paymentState: told.paymentState, rawStatus: told.rawStatus, refunded: false,
    placedAt: new Date(told.placedAt), externalUpdatedAt: new Date(told.updatedAt), ...told.amounts, customer: told.customer,
    source: 'CHANNEL', onHold: false, shipped: 'NONE', channelAfterSale: 'NONE', afterSale: 'NONE', refundedMinor: 0, holdExtended: false, version: 0,
  });
  copyFacts(order, vault, told, change);
  note(em, order, change, 'PLACED', { rawStatus: told.rawStatus });
  const lines = createLines(em, order, told, skuIds);
  await judgeAddress(em, vault, order, told, change);
  // All of it goes in with the transaction, as it is judged: who maps a name of it meanwhile waits for the lock on that name.
  if (end === null) await judgeLines(em, order, lines, told, change, floorsIn(skuIds));
  await followParcels(em, order, change);
  await advanceOrder(em, order, change, end);
}

/** A refund after the goods were sent ends nothing: only money has moved. */
function endOf(told: Received): EndReason | null {
  const end = endReason(told);
  const { status } = meaningOf(told.platform, told.rawStatus);
  return end === 'REFUNDED' && (status === 'SHIPPED' || status === 'COMPLETED') ? null : end;
}

function copyFacts(order: SalesOrderRow, vault: Vault, told: Received, { at }: Change): void {
  order.paymentState = told.paymentState;
  order.rawStatus = told.rawStatus;
  order.externalUpdatedAt = new Date(told.updatedAt);
  const meaning = meaningOf(told.platform, told.rawStatus);
  order.channelAfterSale = meaning.afterSale;
  order.refunded ||= meaning.refunded || told.paymentState === 'REFUNDED';
  if (isPaid(told.paymentState) || told.paymentState === 'REFUNDED' && endOf(told) === null) order.paidAt ??= at;
  // What has been booked stays as it was booked; differences after that are refunds and have their own road.
  if (order.confirmedAt === null || order.confirmedAt === undefined) Object.assign(order, told.amounts);
  order.customer ??= told.customer;
  // Missing where the event is older than these words; null where the buyer took them back.
  if (told.shippingMethod !== undefined) order.shippingMethod = told.shippingMethod;
  if (told.sealedNotes !== undefined) {
    order.sealedNotes = told.sealedNotes && vault.seal(vault.open(told.sealedNotes, { tenantId: order.tenantId, row: told.externalOrderId, field: 'notes' }), { tenantId: order.tenantId, row: order.id, field: 'notes' });
  }
  // What a person has corrected stays.
  if (told.sealedShipTo !== null && !order.addressEdited) {
    const plain = vault.open(told.sealedShipTo, { tenantId: order.tenantId, row: told.externalOrderId, field: 'shipTo' });
    order.sealedShipTo = vault.seal(plain, { tenantId: order.tenantId, row: order.id, field: 'shipTo' });
  }
}

/** An address that no parcel can be sent to waits for a person, or for the channel to tell a better one. */
async function judgeAddress(em: EntityManager, vault: Vault, order: SalesOrderRow, told: Received, change: Change): Promise<void> {
  if (told.sealedShipTo === null || order.addressEdited || endOf(told) !== null) return;
  const missing = missingOf(JSON.parse(vault.open(told.sealedShipTo, { tenantId: order.tenantId, row: told.externalOrderId, field: 'shipTo' })) as ToldAddress | null);
  if (missing.length > 0) return raiseException(em, order, 'BAD_ADDRESS', [...missing], change);
  await resolveExceptions(em, order, ['BAD_ADDRESS'], change);
}

const createLines = (em: EntityManager, order: SalesOrderRow, told: Received, skuIds: SkuNames = new Map()): OrderLineRow[] => told.lines.map((line) => em.create(OrderLine, {
  id: newId('lin'), tenantId: order.tenantId, orderId: order.id, ...line, quantity: keptQuantity(line.quantity), shippedQuantity: 0, claimedQuantity: 0,
  skuId: skuIds.get(nameKey(told.connectionId, line.externalSku))?.skuId ?? null,
}));

/** Lines that can be sold ask for stock; others are kept, and wait for a person or for the channel to correct them. */
async function judgeLines(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], told: Received, change: Change, floors?: Floors): Promise<void> {
  const fault = lineFault(told.lines);
  if (fault !== null) return raiseException(em, order, fault.code, fault.subjects, change);
  await resolveExceptions(em, order, ['NO_LINES', 'BAD_QUANTITY'], change);
  await askForStock(em, order, lines, await resolveSkus(em, order.tenantId, order.connectionId, lines), change);
  await judgePrices(em, order, lines, floors ?? await floorsOf(em, order.tenantId, lines), change);
}

const floorsIn = (skuIds: SkuNames): Floors => new Map([...skuIds.values()].flatMap(({ skuId, floors }) => (floors === null ? [] : [[skuId, floors] as const])));

/** Lines may change as long as nobody has been asked for stock; after that a person decides. */
async function followLines(em: EntityManager, order: SalesOrderRow, told: Received, change: Change): Promise<void> {
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  const print = (list: readonly { externalLineId: string; externalSku: string; quantity: number }[]): string =>
    JSON.stringify(list.map((line) => [line.externalLineId, line.externalSku, keptQuantity(line.quantity)]).sort());
  if (print(lines) === print(told.lines) || endOf(told) !== null || order.status === 'CANCELLED') return;
  if (order.stockState !== 'NONE') {
    const changed = told.lines.map((line) => line.externalSku);
    return raiseException(em, order, 'LINES_CHANGED', [...new Set(changed)], change);
  }
  for (const line of lines) em.remove(line);
  const fresh = createLines(em, order, told);
  await em.flush();
  await judgeLines(em, order, fresh, told, change);
}
