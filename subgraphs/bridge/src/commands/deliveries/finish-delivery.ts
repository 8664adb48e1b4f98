import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { channelSwitched, orderReceived, parcelPacked, parcelTracked, paymentNotified, type EventOf } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { withContext } from '@quanyu/telemetry';
import type { OrderReceivedData, ToldTrack } from '../../channels/channel.js';
import type { Platform } from '../../channels/channels.js';
import type { FoundPayment, PulledOrder, Shipment } from '../../channels/connector.js';
import { afterFailure, mayBecome, type DeliveryReason, type DeliveryState } from '../../domain/delivery-state.js';
import { raiseAlert } from '../messages/alerts.js';
import { keepTold, type ToldListing } from '../sync/keep-listed.js';
import { storeParcels } from '../sync/store-parcels.js';
import { insertPulled } from '../sync/store-pulled.js';
import { wakeStream, type Woken } from '../sync/wake-stream.js';
import { lockDelivery, type Claimed } from './claim-delivery.js';

/** What a body turned out to be. */
export type Outcome =
  | { readonly kind: 'order'; readonly data: OrderReceivedData }
  | { readonly kind: 'found'; readonly orders: readonly PulledOrder[]; readonly payments: readonly FoundPayment[]; readonly parcels: readonly Shipment[]; readonly wakes: readonly Woken[] }
  | { readonly kind: 'tracked'; readonly tracks: readonly ToldTrack[] }
  | { readonly kind: 'echo'; readonly externalOrderId: string; readonly packed: readonly EventOf<typeof parcelPacked>['data'][] }
  | { readonly kind: 'listed'; readonly platform: Platform; readonly told: ToldListing; readonly at: Date }
  | { readonly kind: 'uninstalled' }
  | { readonly kind: 'ignored'; readonly reason: DeliveryReason }
  | { readonly kind: 'dead'; readonly reason: DeliveryReason; readonly path: string | null };

type Delivery = Pick<Claimed, 'id' | 'tenantId' | 'connectionId'>;
interface Verdict { readonly state: DeliveryState; readonly reason?: DeliveryReason | null; readonly path?: string | null; readonly externalOrderId?: string | null }

/** Keeps the outcome of a delivery and tells of it, in one transaction. Who comes second changes nothing. */
export async function finishDelivery({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, delivery: Delivery, outcome: Outcome): Promise<void> {
  await database.write(delivery.tenantId, 'finish-delivery', async (em) => {
    if (!await isMine(em, delivery)) return;
    switch (outcome.kind) {
      case 'order': return recordOrder(em, delivery, outcome.data);
      case 'found': return recordFound(em, vault, delivery, outcome);
      case 'tracked': return recordTracks(em, delivery, outcome.tracks);
      case 'echo':
        for (const data of outcome.packed) await recordPacked(em, delivery, data);
        return settle(em, delivery, { state: 'IGNORED', reason: 'ECHO', externalOrderId: outcome.externalOrderId });
      case 'listed': return recordListed(em, vault, delivery, outcome);
      case 'uninstalled': return disconnect(em, delivery);
      case 'ignored': return settle(em, delivery, { state: 'IGNORED', reason: outcome.reason });
      case 'dead': return bury(em, delivery, outcome.reason, outcome.path);
    }
  });
}

export interface FoundOrder { readonly delivery: Claimed; readonly data: OrderReceivedData }

/** Keeps that deliveries of one tenant were orders, and tells of each as its own delivery's news, in one transaction. */
export async function finishOrders({ database }: Pick<SubgraphDeps, 'database'>, found: readonly FoundOrder[]): Promise<void> {
  const { tenantId } = found[0]!.delivery;
  await database.write(tenantId, 'finish-delivery', async (em) => {
    const mine = await em.execute<{ id: string }[]>(
      `update delivery d set state = 'DONE', reason_code = null, reason_path = null, external_order_id = w."externalOrderId", changed_at = app_now(), done_at = app_now()
       from (
         select d.id, w."externalOrderId" from jsonb_to_recordset(?::jsonb) w (id text, "externalOrderId" text) join delivery d on d.id = w.id
         where d.state = 'PROCESSING' order by d.id for update of d
       ) w where d.id = w.id returning d.id`,
      [JSON.stringify(found.map(({ delivery: { id }, data: { externalOrderId } }) => ({ id, externalOrderId })))]);
    const ids = new Set(mine.map(({ id }) => id));
    for (const { delivery: { id }, data } of found) {
      if (ids.has(id)) withContext({ correlationId: id, causationId: id }, () => record(em, orderReceived({ tenantId, sequence: Date.parse(data.updatedAt), data })));
    }
  });
}

/** Keeps that a try failed by our own fault; after the last one the delivery waits for a person. */
export function failDelivery(database: Database, delivery: Pick<Claimed, 'id' | 'tenantId' | 'connectionId' | 'attempts'>): Promise<'FAILED' | 'DEAD' | null> {
  return database.write(delivery.tenantId, 'fail-delivery', async (em) => {
    if (!await isMine(em, delivery)) return null;
    const state = afterFailure(delivery.attempts);
    if (state === 'DEAD') await bury(em, delivery, 'TRANSLATION_FAILED', null);
    else await settle(em, delivery, { state, reason: 'TRANSLATION_FAILED' });
    return state;
  });
}

const isMine = async (em: EntityManager, { id }: Delivery): Promise<boolean> => {
  const state = await lockDelivery(em, id);
  return state !== null && mayBecome(state, 'DONE');
};

async function recordOrder(em: EntityManager, delivery: Delivery, data: OrderReceivedData): Promise<void> {
  record(em, orderReceived({ tenantId: delivery.tenantId, sequence: Date.parse(data.updatedAt), data }));
  await settle(em, delivery, { state: 'DONE', externalOrderId: data.externalOrderId });
}

/** A shop has sent an order of ours; when we first knew of the parcel is kept, for what is measured. */
async function recordPacked(em: EntityManager, { tenantId, connectionId }: Delivery, data: EventOf<typeof parcelPacked>['data']): Promise<void> {
  record(em, parcelPacked({ tenantId, sequence: Date.parse(data.shippedAt), data }));
  await em.execute(
    `insert into outside_parcel (connection_id, external_shipment_id, tenant_id, order_id, tracking_number, carrier, shipped_at, told) values (?, ?, ?, ?, ?, ?, ?::timestamptz, true)
     on conflict do nothing`, [connectionId, `${data.orderId} ${data.trackingNumber}`, tenantId, data.orderId, data.trackingNumber, data.carrier, data.shippedAt]);
}

/** What was read at the platform: orders go the way of orders that we read ourselves, payments are told as they stand. */
async function recordFound(em: EntityManager, vault: Vault, delivery: Delivery, { orders, payments, parcels, wakes }: Extract<Outcome, { kind: 'found' }>): Promise<void> {
  await insertPulled(em, vault, delivery, orders);
  await storeParcels(em, delivery, parcels);
  for (const stream of wakes) await wakeStream(em, delivery.connectionId, stream);
  for (const { paymentId, platformPaymentId, state, amountMinor, currency } of payments) {
    // What is still open says nothing yet; what went back was paid, and is told by who sent it back.
    if (state === 'PENDING' || (state === 'CLOSED' && platformPaymentId === null && amountMinor === 0)) continue;
    record(em, paymentNotified({ tenantId: delivery.tenantId, sequence: Date.now(), data: {
      paymentId, outcome: state === 'CLOSED' ? 'CLOSED' : 'PAID', amountMinor, currency, providerReference: platformPaymentId ?? paymentId, occurredAt: new Date().toISOString(),
    } }));
  }
  await settle(em, delivery, { state: 'DONE', externalOrderId: orders[0]?.externalOrderId ?? null });
}

/** Only where it is and since when: a carrier's words name people and places. */
async function recordTracks(em: EntityManager, delivery: Delivery, tracks: readonly ToldTrack[]): Promise<void> {
  for (const { trackingNumber, tracked: { state, events } } of tracks) {
    const times = events.map(({ at }) => at.getTime());
    if (state === 'UNKNOWN' || times.length === 0 || !/^[0-9A-Za-z-]{4,64}$/.test(trackingNumber)) continue;
    const [at, firstAt] = [Math.max(...times), Math.min(...times)];
    record(em, parcelTracked({ tenantId: delivery.tenantId, sequence: at, data: { connectionId: delivery.connectionId, trackingNumber, state, at: new Date(at).toISOString(), firstAt: new Date(firstAt).toISOString() } }));
  }
  await settle(em, delivery, { state: 'DONE' });
}

/** A late push of an older state changes nothing. */
async function recordListed(em: EntityManager, vault: Vault, delivery: Delivery, { platform, told, at }: Extract<Outcome, { kind: 'listed' }>): Promise<void> {
  await keepTold(em, vault, { tenantId: delivery.tenantId, connectionId: delivery.connectionId, platform }, told, at);
  await settle(em, delivery, { state: 'DONE' });
}

async function disconnect(em: EntityManager, delivery: Delivery): Promise<void> {
  const { tenantId, connectionId } = delivery;
  const switched = await em.execute<unknown[]>("update channel_connection set status = 'DISABLED' where id = ? and status <> 'DISABLED' returning 1", [connectionId]);
  if (switched.length > 0) record(em, channelSwitched({ tenantId, sequence: Date.now(), data: { connectionId, status: 'DISABLED' } }));
  await raiseAlert(em, { tenantId, code: 'CHANNEL_UNINSTALLED', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: {} });
  await settle(em, delivery, { state: 'DONE' });
}

async function bury(em: EntityManager, delivery: Delivery, reason: DeliveryReason, path: string | null): Promise<void> {
  const { tenantId, connectionId, id } = delivery;
  await raiseAlert(em, { tenantId, code: 'DELIVERY_DEAD', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: { reason, deliveryId: id }, part: reason });
  await settle(em, delivery, { state: 'DEAD', reason, path });
}

async function settle(em: EntityManager, { id }: Delivery, { state, reason = null, path = null, externalOrderId = null }: Verdict): Promise<void> {
  await em.execute(
    `update delivery set state = ?, reason_code = ?, reason_path = ?, external_order_id = coalesce(?, external_order_id), changed_at = app_now(),
       done_at = case when ? then null else app_now() end where id = ?`,
    [state, reason, path, externalOrderId, state === 'FAILED', id]);
}
