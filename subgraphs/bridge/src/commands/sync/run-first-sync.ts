import type { EntityManager } from '@mikro-orm/postgresql';
import { firstSyncMoved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { STEP_TRIES, stepAfter, type FirstSyncStep, type StepRecord } from '../../domain/first-sync.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { checkWebhooks } from '../connections/check-webhooks.js';
import type { ListingKind } from './keep-listed.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';
import { pullOrders } from './pull-orders.js';
import { readListing } from './read-listing.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault' | 'jobs'>;

const LEASE = '2 minutes';
const LOOK_AGAIN_SECONDS = 5;
const LISTED: Readonly<Partial<Record<FirstSyncStep, ListingKind>>> = { PRODUCTS: 'GOODS', CUSTOMERS: 'CUSTOMERS' };

interface Turn { readonly lease: string; step: FirstSyncStep; count: number }
/** What became of a try of a step: over, with so many; or to be looked at again in a moment. */
type Came = { readonly kind: 'over'; readonly state: 'DONE' | 'SKIPPED' | 'FAILED'; readonly count: number; readonly error?: string } | { readonly kind: 'later'; readonly count: number; readonly error?: string };

const skipped: Came = { kind: 'over', state: 'SKIPPED', count: 0 };

/** Plans the first reading of a shop as a whole: once. */
export async function beginFirstSync(em: EntityManager, tenantId: string, connectionId: string): Promise<void> {
  await em.execute('insert into first_sync (connection_id, tenant_id) values (?, ?) on conflict do nothing', [connectionId, tenantId]);
}

/** Goes on with the first reading of a shop where it stands; each step is read by a stream of its own, which keeps its place. */
export async function runFirstSync(deps: Deps, shops: Shops, publicUrl: string | null, ref: StreamRef): Promise<void> {
  const turn = await take(deps, ref);
  if (turn === null) return;
  try {
    const shop = await openShop(deps, shops, ref);
    if (shop === null) return await later(deps, ref, turn, 300);
    for (;;) {
      const came = await tryStep(deps, shops, shop, publicUrl, ref, turn);
      if (came.kind === 'later') return await later(deps, ref, { ...turn, count: came.count }, LOOK_AGAIN_SECONDS, came.error);
      log.info('first sync', { ...ref, step: `first-sync-${turn.step.toLowerCase()}`, phase: came.state, count: came.count });
      const next = await finish(deps, ref, turn, { state: came.state, count: came.count, ...(came.error !== undefined && { error: came.error }) });
      if (next === null) return;
      Object.assign(turn, { step: next, count: 0 });
    }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    // Its token cannot be renewed: each stream keeps its own count of such failures.
    log.warn('first sync waits', { ...ref, step: `first-sync-${turn.step.toLowerCase()}`, errorCode: error.code });
    await later(deps, ref, turn, 300, error.code);
  }
}

async function take({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Turn | null> {
  const lease = newId('run');
  const [row] = await database.write(tenantId, 'take-first-sync', (em) => em.execute<{ step: FirstSyncStep; count: number }[]>(
    `update first_sync set lease = ?, leased_until = app_now() + interval '${LEASE}' where connection_id = ? and step <> 'DONE' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning step, coalesce((steps->step->>'count')::int, 0) as count`, [lease, connectionId]));
  return row === undefined ? null : { lease, ...row };
}

async function tryStep(deps: Deps, shops: Shops, shop: OpenShop, publicUrl: string | null, ref: StreamRef, turn: Turn): Promise<Came> {
  const { listGoods, listCustomers } = shop.client;
  switch (turn.step) {
    case 'PRODUCTS': return listGoods === undefined ? skipped : listingRead(deps, shops, ref, turn);
    case 'CUSTOMERS': return listCustomers === undefined ? skipped : listingRead(deps, shops, ref, turn);
    case 'ORDERS': return shop.connector.pull === null ? skipped : ordersRead(deps, shops, ref);
    case 'WEBHOOKS': return shop.client.ensureWebhooks === undefined || publicUrl === null ? skipped : webhooksThere(deps, shops, publicUrl, ref);
    case 'INDEX': return indexed(deps, ref);
  }
}

/** Goods and customers are read by their own streams: here is where they begin, and where their end is seen. */
async function listingRead(deps: Deps, shops: Shops, ref: StreamRef, { step }: Turn): Promise<Came> {
  const kind = LISTED[step]!;
  await deps.database.write(ref.tenantId, 'await-listing', async (em) => {
    await em.execute('update sync_stream set next_at = least(next_at, app_now()) where connection_id = ? and stream = ? and full_at is null and failures = 0', [ref.connectionId, kind]);
  });
  await readListing(deps, shops, ref, kind);
  const [row] = await deps.database.read(ref.tenantId, (em) => em.execute<{ whole: boolean; tried: boolean; failures: number; error: string | null; count: number }[]>(
    `select s.full_at is not null as whole, s.last_success_at is not null as tried, s.failures, s.last_error as error, coalesce((f.steps->f.step->>'count')::int, 0) as count
     from sync_stream s join first_sync f on f.connection_id = s.connection_id where s.connection_id = ? and s.stream = ?`, [ref.connectionId, kind]));
  if (row === undefined) return skipped;
  if (row.whole) return { kind: 'over', state: 'DONE', count: row.count };
  if (row.failures >= STEP_TRIES) return { kind: 'over', state: 'FAILED', count: row.count, error: row.error ?? 'UNAVAILABLE' };
  // The shop does not let us see this.
  return row.failures === 0 && row.tried && row.count === 0 ? skipped : { kind: 'later', count: row.count, ...(row.error !== null && { error: row.error }) };
}

/** Orders have waited until now. */
async function ordersRead(deps: Deps, shops: Shops, ref: StreamRef): Promise<Came> {
  await deps.database.write(ref.tenantId, 'await-orders', async (em) => {
    await em.execute("update sync_stream set next_at = least(next_at, app_now()) where connection_id = ? and stream = 'ORDERS' and last_success_at is null and failures = 0", [ref.connectionId]);
  });
  await pullOrders(deps, shops, ref);
  const [row] = await deps.database.read(ref.tenantId, (em) => em.execute<{ read: boolean; count: number }[]>(
    `select s.last_success_at is not null as read, coalesce((select sum(new_items) from sync_run r where r.connection_id = s.connection_id and r.stream = 'ORDERS' and r.started_at >= f.started_at), 0)::int as count
     from sync_stream s join first_sync f on f.connection_id = s.connection_id where s.connection_id = ? and s.stream = 'ORDERS'`, [ref.connectionId]));
  return row?.read === true ? { kind: 'over', state: 'DONE', count: row.count } : { kind: 'later', count: row?.count ?? 0 };
}

async function webhooksThere(deps: Deps, shops: Shops, publicUrl: string, ref: StreamRef): Promise<Came> {
  await checkWebhooks(deps, shops, publicUrl, ref);
  const [row] = await deps.database.read(ref.tenantId, (em) => em.execute<{ topics: string[] | null }[]>('select webhook_topics as topics from channel_connection where id = ?', [ref.connectionId]));
  return row?.topics ? { kind: 'over', state: 'DONE', count: row.topics.length } : { kind: 'later', count: 0 };
}

/** How many of the shop's goods are found by a name that we know: the others wait to be mapped. */
async function indexed({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Came> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ goods: number; known: number }[]>(
    `select count(*)::int as goods, count(*) filter (where exists (select from sku_name n where n.tenant_id = g.tenant_id and n.connection_id in (g.connection_id, '') and n.name = g.external_sku))::int as known
     from channel_goods g where g.connection_id = ?`, [connectionId]));
  return row === undefined || row.goods === 0 ? skipped : { kind: 'over', state: 'DONE', count: row.known };
}

/** Keeps what became of a step; gives the next, or null when that was the last, or the turn is another's. */
async function finish({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease, step }: Turn, state: StepRecord): Promise<FirstSyncStep | null> {
  const next = stepAfter(step);
  const held = await database.write(tenantId, 'finish-first-sync-step', async (em) => {
    const rows = await em.execute<unknown[]>(
      `update first_sync set step = ?, failures = 0, steps = steps || ?::jsonb, next_at = app_now(), ended_at = case when ? then app_now() end,
         lease = case when ? then null else lease end, leased_until = case when ? then null else app_now() + interval '${LEASE}' end where connection_id = ? and lease = ? returning 1`,
      [next, JSON.stringify({ [step]: state }), next === 'DONE', next === 'DONE', next === 'DONE', connectionId, lease]);
    if (rows.length > 0) record(em, firstSyncMoved({ tenantId, sequence: Date.now(), data: { connectionId, step, state: state.state, count: state.count } }));
    return rows.length > 0;
  });
  return !held || next === 'DONE' ? null : next;
}

function later({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease, step, count }: Turn, seconds: number, error?: string): Promise<void> {
  return database.write(tenantId, 'put-first-sync-off', async (em) => {
    // Its stream may have been read further meanwhile: a count never goes back.
    await em.execute(
      `update first_sync set lease = null, leased_until = null, next_at = app_now() + make_interval(secs => ?), failures = failures + ?,
         steps = steps || jsonb_build_object(?::text, jsonb_build_object('state', 'RUNNING', 'count', greatest(?::int, coalesce((steps->?->>'count')::int, 0))) || ?::jsonb) where connection_id = ? and lease = ?`,
      [seconds, error === undefined ? 0 : 1, step, count, step, JSON.stringify(error === undefined ? {} : { error }), connectionId, lease]);
  });
}
