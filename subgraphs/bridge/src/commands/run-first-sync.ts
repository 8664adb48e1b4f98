import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import { normaliseEmail, normalisePhone } from '@quanyu/pii';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { ListedCustomer, ListedGoods } from '../channels/connector.js';
import { STEP_TRIES, stepAfter, type FirstSyncStep, type StepRecord } from '../domain/first-sync.js';
import { waitAfter } from '../domain/sync-plan.js';
import { PlatformError } from '../outbound/platform-error.js';
import type { Shops } from '../outbound/shops.js';
import type { StreamRef } from '../queries/due-streams.js';
import { customerSeal } from '../seal-contexts.js';
import { openShop, type OpenShop } from './open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

const LEASE = '2 minutes';
const LOOK_AGAIN_SECONDS = 5;
/** Of one run, so that others have their turn. */
const PAGES = 200;

interface Turn { readonly lease: string; step: FirstSyncStep; page: string | null; count: number; readonly failures: number }
/** What became of a try of a step: over, with so many; or to be looked at again in a moment. */
type Came = { readonly kind: 'over'; readonly state: 'DONE' | 'SKIPPED'; readonly count: number } | { readonly kind: 'later'; readonly count: number };

const skipped: Came = { kind: 'over', state: 'SKIPPED', count: 0 };

/** Plans the first reading of a shop as a whole: once. */
export async function beginFirstSync(em: EntityManager, tenantId: string, connectionId: string): Promise<void> {
  await em.execute('insert into first_sync (connection_id, tenant_id) values (?, ?) on conflict do nothing', [connectionId, tenantId]);
}

/** Goes on with the first reading of a shop where it stands. A page and the place behind it are kept together: a kill at any line reads a page twice. */
export async function runFirstSync(deps: Deps, shops: Shops, publicUrl: string | null, ref: StreamRef): Promise<void> {
  const turn = await take(deps, ref);
  if (turn === null) return;
  try {
    const shop = await openShop(deps, shops, ref);
    if (shop === null) return await later(deps, ref, turn, 300);
    for (;;) {
      const came = await tryStep(deps, shop, publicUrl, ref, turn);
      if (came === null) return;
      if (came.kind === 'later') return await later(deps, ref, turn, LOOK_AGAIN_SECONDS);
      log.info('first sync', { ...ref, step: `first-sync-${turn.step.toLowerCase()}`, phase: came.state, count: came.count });
      const next = await finish(deps, ref, turn, { state: came.state, count: came.count });
      if (next === null) return;
      Object.assign(turn, { step: next, page: null, count: 0 });
    }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('first sync waits', { ...ref, step: `first-sync-${turn.step.toLowerCase()}`, errorCode: error.code });
    if (turn.failures + 1 >= STEP_TRIES) await finish(deps, ref, turn, { state: 'FAILED', count: turn.count, error: error.code }, true);
    else await later(deps, ref, turn, waitAfter(turn.failures + 1, error.retryAfterMs), error.code);
  }
}

async function take({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Turn | null> {
  const lease = newId('run');
  const [row] = await database.write(tenantId, 'take-first-sync', (em) => em.execute<{ step: FirstSyncStep; page: string | null; count: number; failures: number }[]>(
    `update first_sync set lease = ?, leased_until = app_now() + interval '${LEASE}' where connection_id = ? and step <> 'DONE' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning step, page, coalesce((steps->step->>'count')::int, 0) as count, failures`, [lease, connectionId]));
  return row === undefined ? null : { lease, ...row };
}

/** Null when it is another's by now. */
async function tryStep(deps: Deps, shop: OpenShop, publicUrl: string | null, ref: StreamRef, turn: Turn): Promise<Came | null> {
  const { listGoods, listCustomers } = shop.client;
  switch (turn.step) {
    case 'PRODUCTS': return listGoods === undefined ? skipped : readPages(deps, ref, turn, listGoods, (em, goods) => keepGoods(em, ref, goods));
    case 'CUSTOMERS': return listCustomers === undefined ? skipped : readPages(deps, ref, turn, listCustomers, (em, customers) => keepCustomers(em, deps, ref, customers));
    case 'ORDERS': return shop.connector.pull === null ? skipped : ordersRead(deps, ref);
    case 'WEBHOOKS': return shop.client.ensureWebhooks === undefined || publicUrl === null ? skipped : webhooksThere(deps, ref);
    case 'INDEX': return indexed(deps, ref);
  }
}

async function readPages<T>({ database }: Deps, { tenantId, connectionId }: StreamRef, turn: Turn, list: (page: string | null) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>, keep: (em: EntityManager, items: readonly T[]) => Promise<void>): Promise<Came | null> {
  for (let pages = 0; pages < PAGES; pages += 1) {
    const { items, next } = await list(turn.page);
    const count = turn.count + items.length;
    const held = await database.write(tenantId, 'keep-first-sync-page', async (em) => {
      const rows = await em.execute<unknown[]>(
        `update first_sync set page = ?, failures = 0, steps = steps || jsonb_build_object(step, jsonb_build_object('state', 'RUNNING', 'count', ?::int)), leased_until = app_now() + interval '${LEASE}'
         where connection_id = ? and lease = ? returning 1`, [next, count, connectionId, turn.lease]);
      if (rows.length > 0 && items.length > 0) await keep(em, items);
      return rows.length > 0;
    });
    if (!held) return null;
    Object.assign(turn, { page: next, count });
    if (next === null) return { kind: 'over', state: 'DONE', count };
  }
  return { kind: 'later', count: turn.count };
}

async function keepGoods(em: EntityManager, { tenantId, connectionId }: StreamRef, goods: readonly ListedGoods[]): Promise<void> {
  await em.execute(
    `insert into channel_goods (connection_id, tenant_id, external_variant_id, external_product_id, external_sku, title, changed_at)
     select ?, ?, r.* from (select distinct on (id) * from jsonb_to_recordset(?::jsonb) as r (id text, product text, sku text, title text, at timestamptz)) r
     on conflict (connection_id, external_variant_id) do update set external_sku = excluded.external_sku, title = excluded.title, changed_at = excluded.changed_at where channel_goods.changed_at <= excluded.changed_at`,
    [connectionId, tenantId, JSON.stringify(goods.map((one) => ({ id: one.externalVariantId, product: one.externalProductId, sku: one.externalSku, title: one.title.slice(0, 512), at: one.changedAt.toISOString() })))]);
}

async function keepCustomers(em: EntityManager, { vault }: Deps, { tenantId, connectionId }: StreamRef, customers: readonly ListedCustomer[]): Promise<void> {
  const index = (kind: 'phone' | 'email', normalised: string | null): string | null => (normalised === null ? null : vault.index(kind, normalised, tenantId));
  await em.execute(
    `insert into channel_customer (connection_id, tenant_id, external_id, phone_index, email_index, sealed, changed_at)
     select ?, ?, r.* from (select distinct on (id) * from jsonb_to_recordset(?::jsonb) as r (id text, phone text, email text, sealed text, at timestamptz)) r
     on conflict (connection_id, external_id) do update set phone_index = excluded.phone_index, email_index = excluded.email_index, sealed = excluded.sealed, changed_at = excluded.changed_at where channel_customer.changed_at <= excluded.changed_at`,
    [connectionId, tenantId, JSON.stringify(customers.map(({ externalId, name, phone, email, changedAt }) => ({
      id: externalId, phone: index('phone', phone === null ? null : normalisePhone(phone)), email: index('email', email === null ? null : normaliseEmail(email)),
      sealed: vault.seal(JSON.stringify({ name, phone, email }), customerSeal(tenantId, connectionId, externalId)), at: changedAt.toISOString(),
    })))]);
}

/** Orders are read by their own stream; it has waited until now. */
function ordersRead({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Came> {
  return database.write(tenantId, 'await-orders', async (em) => {
    await em.execute("update sync_stream set next_at = least(next_at, app_now()) where connection_id = ? and stream = 'ORDERS' and last_success_at is null and failures = 0", [connectionId]);
    const [row] = await em.execute<{ read: boolean; count: number }[]>(
      `select s.last_success_at is not null as read, coalesce((select sum(new_items) from sync_run r where r.connection_id = s.connection_id and r.stream = 'ORDERS'), 0)::int as count
       from sync_stream s where s.connection_id = ? and s.stream = 'ORDERS'`, [connectionId]);
    return row?.read === true ? { kind: 'over', state: 'DONE', count: row.count } : { kind: 'later', count: row?.count ?? 0 };
  });
}

async function webhooksThere({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Came> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ topics: string[] | null }[]>('select webhook_topics as topics from channel_connection where id = ?', [connectionId]));
  return row?.topics ? { kind: 'over', state: 'DONE', count: row.topics.length } : { kind: 'later', count: 0 };
}

/** How many of the shop's goods are found by a name that we know: the others wait to be mapped. */
async function indexed({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Came> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ goods: number; known: number }[]>(
    `select count(*)::int as goods, count(*) filter (where exists (select from sku_name n where n.tenant_id = g.tenant_id and n.connection_id in (g.connection_id, '') and n.name = g.external_sku))::int as known
     from channel_goods g where g.connection_id = ?`, [connectionId]));
  return row === undefined || row.goods === 0 ? skipped : { kind: 'over', state: 'DONE', count: row.known };
}

/** Keeps what became of a step; gives the next, or null when that was the last, the turn is another's, or it is to end here. */
async function finish({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease, step }: Turn, record: StepRecord, ends = false): Promise<FirstSyncStep | null> {
  const next = stepAfter(step);
  const rows = await database.write(tenantId, 'finish-first-sync-step', (em) => em.execute<unknown[]>(
    `update first_sync set step = ?, page = null, failures = 0, steps = steps || ?::jsonb, next_at = app_now(), ended_at = case when ? = 'DONE' then app_now() end,
       lease = case when ? then null else lease end, leased_until = case when ? then null else app_now() + interval '${LEASE}' end where connection_id = ? and lease = ? returning 1`,
    [next, JSON.stringify({ [step]: record }), next, ends || next === 'DONE', ends || next === 'DONE', connectionId, lease]));
  return rows.length === 0 || next === 'DONE' || ends ? null : next;
}

function later({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease, step, count }: Turn, seconds: number, error?: string): Promise<void> {
  return database.write(tenantId, 'put-first-sync-off', async (em) => {
    await em.execute(
      `update first_sync set lease = null, leased_until = null, next_at = app_now() + make_interval(secs => ?), failures = failures + ?, steps = steps || ?::jsonb where connection_id = ? and lease = ?`,
      [seconds, error === undefined ? 0 : 1, JSON.stringify({ [step]: { state: 'RUNNING', count, ...(error !== undefined && { error }) } }), connectionId, lease]);
  });
}
