import { afterCommit } from '@quanyu/database';
import type { EventOf, orderShipped } from '@quanyu/events';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { CHANNELS, type Platform } from '../../channels/channels.js';
import { liveSecrets } from '../../domain/live-secrets.js';
import { waitAfter } from '../../domain/sync-plan.js';
import type { StoredSecret } from '../../entities/channel-connection.entity.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { ParcelRef } from '../../queries/due-parcels.js';
import { webhookPath } from '../../queries/webhook-path.js';
import { secretSeal } from '../../seal-contexts.js';
import { openShop } from '../connections/open-shop.js';

export const FOLLOW_PARCEL = 'bridge.follow-parcel';
const TRIES = 5;
const CLOSED_SECONDS = 300;

type Shipped = EventOf<typeof orderShipped>['data'];

/** Keeps that a parcel's way is to be told to us; nothing where the tenant has nobody who tells. Once for each number. */
export async function planFollow(em: EntityManager, { jobs }: Pick<SubgraphDeps, 'jobs'>, tenantId: string, { parcelId, carrier, trackingNumber }: Shipped): Promise<void> {
  if (!carrier || !trackingNumber) return;
  const followers = (Object.keys(CHANNELS) as Platform[]).filter((platform) => (CHANNELS[platform].connector?.capabilities as readonly string[] | undefined)?.includes('followParcel'));
  const planned = await em.execute<{ connection_id: string }[]>(
    `insert into parcel_follow (parcel_id, tenant_id, connection_id, carrier, tracking_number, sealed_phone_end, phone_row)
     select ?, ?, c.id, ?, ?, w.sealed_phone_end, w.request_id
     from channel_connection c left join waybill_issue w on w.tenant_id = c.tenant_id and w.tracking_number = ? and w.carrier = ?
     where c.tenant_id = ? and c.platform = any(string_to_array(?, ',')) and c.status = 'ACTIVE' and c.sealed_account is not null
     order by (c.id = w.connection_id) desc nulls last, c.id limit 1 on conflict do nothing returning connection_id`,
    [parcelId, tenantId, carrier, trackingNumber, trackingNumber, carrier, tenantId, followers.join(',')]);
  const connectionId = planned[0]?.connection_id;
  if (connectionId !== undefined) afterCommit(em, () => { void ask(jobs, { tenantId, parcelId, connectionId }); });
}

/** Never fails: the row is the truth, and what is due is found from it. */
async function ask(jobs: SubgraphDeps['jobs'], ref: ParcelRef): Promise<void> {
  try {
    await jobs.enqueue(FOLLOW_PARCEL, { ...ref }, { jobId: ref.parcelId });
  } catch (error) {
    log.warn('parcel waits until it is found due', { tenantId: ref.tenantId, connectionId: ref.connectionId, jobName: FOLLOW_PARCEL, error });
  }
}

interface Row { carrier: string; tracking_number: string; sealed_phone_end: string | null; phone_row: string | null; attempts: number }

/** Asks that a parcel's way be told to us from now on, signed with the secret of our webhook. Repeats safely. */
export async function followParcel(deps: Pick<SubgraphDeps, 'database' | 'vault'>, shops: Shops, publicUrl: string | null, ref: ParcelRef): Promise<void> {
  const { tenantId, connectionId, parcelId } = ref;
  const [row] = await deps.database.write(tenantId, 'claim-follow', (em) => em.execute<Row[]>(
    `update parcel_follow set attempts = attempts + 1, leased_until = app_now() + interval '2 minutes'
     where parcel_id = ? and state = 'DUE' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning carrier, tracking_number, sealed_phone_end, phone_row, attempts`, [parcelId]));
  if (row === undefined) return;
  try {
    const shop = publicUrl === null ? null : await openShop(deps, shops, { tenantId, connectionId });
    if (shop?.client.followParcel === undefined) return await putOff(deps, ref, publicUrl === null ? 'PUBLIC_URL_MISSING' : 'CHANNEL_CLOSED', CLOSED_SECONDS, row.attempts - 1);
    await shop.client.followParcel(
      { carrier: row.carrier, trackingNumber: row.tracking_number, phoneEnd: row.sealed_phone_end === null ? null : deps.vault.open(row.sealed_phone_end, { tenantId, row: row.phone_row!, field: 'phoneEnd' }) },
      { url: `${publicUrl}${webhookPath(shop.platform, connectionId)}`, salt: await saltOf(deps, ref) });
    await settle(deps, ref, 'FOLLOWED', null);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('parcel not followed', { tenantId, connectionId, step: 'follow-parcel', errorCode: error.code, attempt: row.attempts });
    const isOver = row.attempts >= TRIES || (!error.passing && error.code !== 'CREDENTIALS_REFUSED');
    if (isOver) await settle(deps, ref, 'DEAD', error.details.platformCode || error.code);
    else await putOff(deps, ref, error.code, waitAfter(row.attempts, error.retryAfterMs), row.attempts);
  }
}

async function saltOf({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, { tenantId, connectionId }: ParcelRef): Promise<string> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ sealed_secrets: StoredSecret[] }[]>('select sealed_secrets from channel_connection where id = ?', [connectionId]));
  const [newest] = liveSecrets(row?.sealed_secrets ?? [], new Date());
  return newest === undefined ? '' : vault.open(newest.sealed, secretSeal(tenantId, connectionId));
}

const putOff = ({ database }: Pick<SubgraphDeps, 'database'>, { tenantId, parcelId }: ParcelRef, code: string, seconds: number, attempts: number): Promise<void> => database.write(tenantId, 'put-follow-off', async (em) => {
  await em.execute("update parcel_follow set leased_until = null, failure_code = ?, attempts = ?, next_at = app_now() + make_interval(secs => ?) where parcel_id = ? and state = 'DUE'", [code, attempts, seconds, parcelId]);
});

const settle = ({ database }: Pick<SubgraphDeps, 'database'>, { tenantId, parcelId }: ParcelRef, state: 'FOLLOWED' | 'DEAD', code: string | null): Promise<void> => database.write(tenantId, 'settle-follow', async (em) => {
  await em.execute("update parcel_follow set state = ?, failure_code = ?, leased_until = null where parcel_id = ? and state = 'DUE'", [state, code?.slice(0, 64) ?? null, parcelId]);
});
