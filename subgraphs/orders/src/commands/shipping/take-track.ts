import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, parcelTracked } from '@quanyu/events';
import { channelActor } from '../../domain/actor.js';
import { dayIn } from '../../domain/business-day.js';
import { nextTrack, type Track, type TrackState } from '../../domain/parcel-track.js';
import { Parcel } from '../../entities/parcel.entity.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import { advanceOrder } from '../life/advance-order.js';
import { note } from '../life/timeline.js';

type Told = EventOf<typeof parcelTracked>['data'];

/** Takes in where a carrier says that a parcel is. News of earlier changes nothing; what comes before we send the parcel is kept for it. */
export async function takeTrack(em: EntityManager, tenantId: string, { trackingNumber, state, at, firstAt, connectionId }: Told): Promise<void> {
  // Two first tidings of a number at once: the second waits here, then finds the row of the first.
  await em.execute("select pg_advisory_xact_lock(hashtext('orders.track'), hashtext(?))", [`${tenantId}/${trackingNumber}`]);
  const [row] = await em.execute<{ state: TrackState; problem: boolean; scanned_ms: string; first_ms: string }[]>(
    'select state, problem, (extract(epoch from scanned_at) * 1000)::bigint::text as scanned_ms, (extract(epoch from first_scan_at) * 1000)::bigint::text as first_ms from parcel_track where tenant_id = ? and tracking_number = ?', [tenantId, trackingNumber]);
  const known: Track | null = row === undefined ? null : { state: row.state, problem: row.problem, scannedAt: new Date(Number(row.scanned_ms)) };
  const next = nextTrack(known, { state, at: new Date(at) });
  if (next === known) return;
  const first = Math.min(Date.parse(firstAt), row === undefined ? Infinity : Number(row.first_ms));
  const isDelivered = next.state === 'DELIVERED';
  await em.execute(
    `insert into parcel_track (tenant_id, tracking_number, state, problem, scanned_at, first_scan_at, delivered_at) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, tracking_number) do update set state = excluded.state, problem = excluded.problem, scanned_at = excluded.scanned_at, first_scan_at = excluded.first_scan_at, delivered_at = excluded.delivered_at`,
    [tenantId, trackingNumber, next.state, next.problem, next.scannedAt, new Date(first), isDelivered ? new Date(at) : null]);
  if (known?.state === next.state && known.problem === next.problem) return;
  await tellOrders(em, tenantId, trackingNumber, next, connectionId);
  if (isDelivered) await keepRecord(em, tenantId, trackingNumber, { first, last: Date.parse(at) });
}

/** Orders with this parcel have changed for whoever looks at them; one that has come is told in their timeline. */
async function tellOrders(em: EntityManager, tenantId: string, trackingNumber: string, { state }: Track, connectionId: string): Promise<void> {
  const parcels = await em.find(Parcel, { tenantId, trackingNumber }, { disableIdentityMap: true, orderBy: { orderId: 'asc' } });
  const orders = await em.find(SalesOrder, { id: { $in: parcels.map(({ orderId }) => orderId) } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  const change = { at: new Date(), by: channelActor(connectionId) };
  for (const order of orders) {
    if (state === 'DELIVERED') note(em, order, change, 'PARCEL_DELIVERED', { trackingNumber });
    await advanceOrder(em, order, change);
  }
}

/** What a carrier's parcels take to where this one went; only of those whose number we fetched, since we know where they go. */
async function keepRecord(em: EntityManager, tenantId: string, trackingNumber: string, { first, last }: { readonly first: number; readonly last: number }): Promise<void> {
  await em.execute(
    `insert into delivery_record (tenant_id, carrier, province, month, parcels, seconds)
     select tenant_id, carrier, coalesce(province, ''), date_trunc('month', ?::date)::date, 1, ? from waybill where tenant_id = ? and tracking_number = ?
     on conflict (tenant_id, carrier, province, month) do update set parcels = delivery_record.parcels + 1, seconds = delivery_record.seconds + excluded.seconds`,
    [dayIn('UTC', new Date(last)), Math.max(0, Math.round((last - first) / 1000)), tenantId, trackingNumber]);
}
