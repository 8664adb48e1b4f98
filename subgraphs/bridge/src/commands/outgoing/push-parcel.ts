import type { EntityManager } from '@mikro-orm/postgresql';
import { trackingWritten } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { Parcel } from '../../channels/connector.js';
import { waitAfter } from '../../domain/sync-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { ParcelRef } from '../../queries/due-parcels.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { openShop } from '../connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

/** After these a person looks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h. */
const TRIES = 7;
const CLOSED_SECONDS = 300;

interface Row { order_id: string; external_order_id: string; tracking_number: string; carrier: string; lines: Parcel['lines']; shipped_at: string; attempts: number; service: string | null; sealed_contact: string | null }

/** Tells a channel of a parcel. The try is counted before it is made; one that the channel has already is told. */
export async function pushParcel(deps: Deps, shops: Shops, ref: ParcelRef): Promise<void> {
  const { tenantId, connectionId, parcelId } = ref;
  const [row] = await deps.database.write(tenantId, 'claim-parcel', (em) => em.execute<Row[]>(
    `update parcel_push set attempts = attempts + 1, leased_until = app_now() + interval '2 minutes'
     where id = ? and state = 'DUE' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning order_id, external_order_id, tracking_number, carrier, lines, shipped_at, attempts, service, sealed_contact`, [parcelId]));
  if (row === undefined) return;
  try {
    const shop = await openShop(deps, shops, { tenantId, connectionId });
    if (shop === null) return void await deps.database.write(tenantId, 'put-parcel-off', (em) => putOff(em, parcelId, 'CHANNEL_CLOSED', CLOSED_SECONDS, row.attempts - 1));
    if (shop.client.pushTracking === undefined) return void await deps.database.write(tenantId, 'settle-parcel', (em) => settle(em, parcelId, 'NOT_SUPPORTED', null));
    const result = await shop.client.pushTracking({ externalOrderId: row.external_order_id, trackingNumber: row.tracking_number, carrier: row.carrier, trackingUrl: null, service: row.service, shippedAt: new Date(row.shipped_at), lines: row.lines,
      ...(row.sealed_contact !== null && { contact: deps.vault.open(row.sealed_contact, { tenantId, row: parcelId, field: 'contact' }) }) });
    await deps.database.write(tenantId, 'settle-parcel', (em) => written(em, ref, row, result));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('parcel not told', { tenantId, connectionId, orderId: row.order_id, step: 'push-parcel', errorCode: error.code, attempt: row.attempts });
    await deps.database.write(tenantId, 'fail-parcel', (em) => fail(em, ref, row, error));
  }
}

async function written(em: EntityManager, { tenantId, connectionId, parcelId }: ParcelRef, row: Row, result: 'WRITTEN' | 'ALREADY_THERE'): Promise<void> {
  if (!await settle(em, parcelId, result, null)) return;
  record(em, trackingWritten({ tenantId, sequence: 1, data: { connectionId, orderId: row.order_id, parcelId, externalOrderId: row.external_order_id, trackingNumber: row.tracking_number, writtenAt: new Date().toISOString() } }));
  const dead = await em.execute<unknown[]>("select 1 from parcel_push where connection_id = ? and state = 'DEAD' limit 1", [connectionId]);
  if (dead.length === 0) await resolveAlertsOf(em, tenantId, { code: 'TRACKING_NOT_WRITTEN', subjectId: connectionId });
}

async function fail(em: EntityManager, { tenantId, connectionId, parcelId }: ParcelRef, row: Row, error: PlatformError): Promise<void> {
  // A key is mended by a person, and the parcel goes on then; what the platform refuses for good is not asked again.
  const isOver = row.attempts >= TRIES || (!error.passing && !error.needsPerson);
  if (!isOver) return putOff(em, parcelId, error.code, waitAfter(row.attempts, error.retryAfterMs), row.attempts);
  await settle(em, parcelId, 'DEAD', error.details.platformCode ?? error.code);
  await raiseAlert(em, { tenantId, code: 'TRACKING_NOT_WRITTEN', subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, params: { reason: error.code, orderId: row.order_id } });
}

async function putOff(em: EntityManager, parcelId: string, code: string, seconds: number, attempts: number): Promise<void> {
  await em.execute("update parcel_push set leased_until = null, failure_code = ?, attempts = ?, next_at = app_now() + make_interval(secs => ?) where id = ? and state = 'DUE'", [code, attempts, seconds, parcelId]);
}

async function settle(em: EntityManager, parcelId: string, state: string, code: string | null): Promise<boolean> {
  const rows = await em.execute<unknown[]>("update parcel_push set state = ?, failure_code = ?, leased_until = null, done_at = app_now() where id = ? and state = 'DUE' returning 1", [state, code?.slice(0, 64) ?? null, parcelId]);
  return rows.length > 0;
}
