import type { EntityManager } from '@mikro-orm/postgresql';
import { orderToShip } from '@quanyu/calls';
import { outsideOrderAcknowledged } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { z } from 'zod';
import type { OrderToPush } from '../../channels/connector.js';
import { findLeak } from '../../domain/leak-detector.js';
import { share } from '../../domain/share.js';
import { waitAfter } from '../../domain/sync-plan.js';
import type { Purpose } from '../../domain/takers.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { OutgoingRef } from '../../queries/due-outgoing-orders.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { auditCopy } from './audit-copy.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'calls'>;

/** After these a person looks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h. */
const TRIES = 7;
const LOOK_AGAIN_SECONDS = 300;

interface Row { state: 'DUE' | 'RECALL'; purpose: Purpose; attempts: number; order_number: string | null; external_order_id: string | null }
type Told = Extract<z.output<typeof orderToShip.output>, { kind: 'ship' }>['order'];

/**
 * Hands an order to a system that ships it or counts its goods, or takes it back. The try is counted before it is made,
 * and the order has one key there: killed at any line it is written once.
 */
export async function pushOrder(deps: Deps, shops: Shops, ref: OutgoingRef): Promise<void> {
  const row = await claim(deps, ref);
  if (row === undefined) return;
  try {
    const shop = await openShop(deps, shops, ref);
    if (shop === null) return await putOff(deps, ref, 'CHANNEL_CLOSED');
    return row.state === 'RECALL' ? await takeBack(deps, ref, row, shop) : await handOver(deps, ref, row, shop);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('order not handed over', { tenantId: ref.tenantId, connectionId: ref.connectionId, orderId: ref.orderId, step: 'push-order', errorCode: error.code, attempt: row.attempts });
    await deps.database.write(ref.tenantId, 'fail-outgoing-order', (em) => fail(em, ref, row, error));
  }
}

async function claim({ database }: Deps, { tenantId, connectionId, orderId }: OutgoingRef): Promise<Row | undefined> {
  const [row] = await database.write(tenantId, 'claim-outgoing-order', (em) => em.execute<Row[]>(
    `update outgoing_order set attempts = attempts + 1, leased_until = app_now() + interval '2 minutes'
     where connection_id = ? and order_id = ? and state in ('DUE', 'RECALL') and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning state, purpose, attempts, order_number, external_order_id`, [connectionId, orderId]));
  return row;
}

async function handOver(deps: Deps, ref: OutgoingRef, row: Row, shop: OpenShop): Promise<void> {
  const { tenantId, connectionId, orderId } = ref;
  const answered = await askOrders(deps, ref);
  if (answered === null) return putOff(deps, ref, 'ORDERS_AWAY');
  if (answered.kind === 'wait') return putOff(deps, ref, 'ORDER_WAITS');
  // A try before this one may have written it: then it is taken back, which finds nothing where there is nothing.
  if (answered.kind === 'over') return settle(deps, ref, row.order_number === null ? { state: 'NOT_NEEDED' } : { state: 'RECALL' });
  const order = await orderOf(deps, ref, answered.order);
  const push = shop.client.pushOrder!;
  await deps.database.write(tenantId, 'note-outgoing-order', (em) => em.execute('update outgoing_order set order_number = ? where connection_id = ? and order_id = ?', [order.orderNumber, connectionId, orderId]));
  const { externalOrderId, store = null } = await push(await allowed(deps, ref, shop, order));
  await settle(deps, ref, { state: 'WRITTEN', externalOrderId, store, acknowledged: row.purpose === 'COUNT' });
}

/** The order by the fields that this system may have, kept by their names before they leave. @throws PlatformError `PUSH_WOULD_LEAK` for what leaves to nobody */
async function allowed({ database }: Deps, ref: OutgoingRef, { connector }: OpenShop, order: OrderToPush): Promise<OrderToPush> {
  const { body, fields } = share(order, connector.shares?.ORDER ?? []);
  const leak = findLeak(JSON.stringify(body));
  const reason = leak === null ? null : `${leak.kind} ${leak.path}`;
  await auditCopy(database, ref, { purpose: 'ORDER', subjectId: ref.orderId, fields, result: reason === null ? 'SENT' : 'REFUSED', reason });
  if (reason !== null) throw new PlatformError('PUSH_WOULD_LEAK', { platformCode: reason });
  return body;
}

/** The order as it stands now; null while nobody answers, which is no fault of the system outside. */
async function askOrders({ calls }: Deps, { tenantId, connectionId, orderId }: OutgoingRef): Promise<z.output<typeof orderToShip.output> | null> {
  try {
    return await calls.invoke(orderToShip, { tenantId, orderId });
  } catch (error) {
    log.warn('order cannot be asked for', { tenantId, connectionId, orderId, step: 'push-order', error });
    return null;
  }
}

async function takeBack(deps: Deps, ref: OutgoingRef, row: Row, { client }: OpenShop): Promise<void> {
  // Without a number nothing was ever sent.
  const result = row.order_number === null ? 'RECALLED' : await client.recallOrder?.({ sourceId: ref.orderId, orderNumber: row.order_number, externalOrderId: row.external_order_id }) ?? 'TOO_LATE';
  await settle(deps, ref, result === 'RECALLED' ? { state: 'RECALLED' } : { state: 'DEAD', code: 'TOO_LATE' });
}

/** The order by the names that its goods have there, and with its address in clear: it goes nowhere else. */
async function orderOf({ database, vault }: Deps, { tenantId, connectionId, orderId }: OutgoingRef, told: Told): Promise<OrderToPush> {
  const names = await database.read(tenantId, (em) => em.execute<{ sku_id: string; name: string }[]>(
    `select distinct on (sku_id) sku_id, name from sku_name where tenant_id = ? and connection_id in (?, '') and sku_id in (select jsonb_array_elements_text(?::jsonb)) order by sku_id, connection_id desc, name`,
    [tenantId, connectionId, JSON.stringify(told.lines.map(({ skuId }) => skuId))]));
  const nameOf = new Map(names.map(({ sku_id: skuId, name }) => [skuId, name]));
  const to = told.sealedShipTo === null ? {} : JSON.parse(vault.open(told.sealedShipTo, { tenantId, row: orderId, field: 'shipTo' })) as Partial<OrderToPush['shipTo']>;
  return {
    sourceId: orderId, platform: told.platform, externalOrderId: told.externalOrderId, orderNumber: told.orderNumber, placedAt: new Date(told.placedAt), currency: told.currency,
    discountMinor: told.discountMinor, shippingMinor: told.shippingMinor, taxMinor: told.taxMinor, totalMinor: told.totalMinor,
    shippingHints: told.shippingHints ?? null,
    lines: told.lines.map(({ skuId, externalSku, ...line }) => ({ ...line, externalSku: nameOf.get(skuId) ?? externalSku })),
    shipTo: {
      name: to.name ?? null, phone: to.phone ?? null, address1: to.address1 ?? null, address2: to.address2 ?? null,
      city: to.city ?? null, province: to.province ?? null, postalCode: to.postalCode ?? null, countryCode: to.countryCode ?? null,
    },
    notes: told.sealedNotes ? notesOf(JSON.parse(vault.open(told.sealedNotes, { tenantId, row: orderId, field: 'notes' })) as Partial<Notes>) : null,
  };
}

type Notes = NonNullable<OrderToPush['notes']>;

/** Anybody may write anything: a note with somebody's card in it is left out, and its order is packed all the same. */
function notesOf({ buyer, gift, instructions, seller }: Partial<Notes>): Notes {
  const fit = (note: string | null | undefined): string | null => (note && findLeak(JSON.stringify({ note })) === null ? note : null);
  return { buyer: fit(buyer), gift: fit(gift), instructions: fit(instructions), seller: fit(seller) };
}

interface Settled { readonly state: 'WRITTEN' | 'NOT_NEEDED' | 'RECALL' | 'RECALLED' | 'DEAD'; readonly externalOrderId?: string; readonly store?: string | null; readonly acknowledged?: boolean; readonly code?: string }

/** Keeps what became of it, and tells. An order that was cancelled while it was handed over is due to be taken back. */
function settle({ database }: Deps, { tenantId, connectionId, orderId }: OutgoingRef, { state, externalOrderId = undefined, store = null, acknowledged = false, code = undefined }: Settled): Promise<void> {
  return database.write(tenantId, 'settle-outgoing-order', async (em) => {
    const [row] = await em.execute<{ state: string }[]>(
      `update outgoing_order set state = case when ? = 'WRITTEN' and unwanted then 'RECALL' else ? end, external_order_id = coalesce(?, external_order_id), store = coalesce(?, store), failure_code = ?,
         attempts = 0, leased_until = null, next_at = app_now(), written_at = case when ? = 'WRITTEN' then coalesce(written_at, app_now()) else written_at end
       where connection_id = ? and order_id = ? and state in ('DUE', 'RECALL') returning state`, [state, state, externalOrderId ?? null, store, code ?? null, state, connectionId, orderId]);
    if (row === undefined) return;
    if (acknowledged && externalOrderId !== undefined) record(em, outsideOrderAcknowledged({ tenantId, sequence: 1, data: { connectionId, orderId, externalOrderId, acknowledgedAt: new Date().toISOString() } }));
    if (state === 'DEAD') await alert(em, { tenantId, connectionId, orderId }, code ?? state);
    else await over(em, tenantId, connectionId);
  });
}

/** Not its fault: looked at again, and no try is spent. */
function putOff({ database }: Deps, { tenantId, connectionId, orderId }: OutgoingRef, code: string): Promise<void> {
  return database.write(tenantId, 'put-outgoing-order-off', async (em) => {
    await em.execute('update outgoing_order set attempts = attempts - 1, leased_until = null, failure_code = ?, next_at = app_now() + make_interval(secs => ?) where connection_id = ? and order_id = ?', [code, LOOK_AGAIN_SECONDS, connectionId, orderId]);
  });
}

async function fail(em: EntityManager, ref: OutgoingRef, { attempts }: Row, error: PlatformError): Promise<void> {
  const { connectionId, orderId } = ref;
  // A key is mended by a person, and the order goes on then; what the system refuses for good is not asked again.
  const isOver = attempts >= TRIES || (!error.passing && error.code !== 'CREDENTIALS_REFUSED');
  const code = (error.details.platformCode || error.code).slice(0, 64);
  await em.execute(
    `update outgoing_order set leased_until = null, failure_code = ?, state = case when ? then 'DEAD' else state end, next_at = app_now() + make_interval(secs => ?) where connection_id = ? and order_id = ?`,
    [code, isOver, waitAfter(attempts, error.retryAfterMs), connectionId, orderId]);
  if (isOver) await alert(em, ref, code);
}

const alert = (em: EntityManager, { tenantId, connectionId, orderId }: OutgoingRef, reason: string): Promise<void> =>
  raiseAlert(em, { tenantId, code: 'ORDER_NOT_HANDED_OVER', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: { reason, orderId } });

async function over(em: EntityManager, tenantId: string, connectionId: string): Promise<void> {
  const dead = await em.execute<unknown[]>("select 1 from outgoing_order where connection_id = ? and state = 'DEAD' limit 1", [connectionId]);
  if (dead.length === 0) await resolveAlertsOf(em, tenantId, { code: 'ORDER_NOT_HANDED_OVER', subjectId: connectionId });
}
