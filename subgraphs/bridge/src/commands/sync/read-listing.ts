import type { EntityManager } from '@mikro-orm/postgresql';
import { firstSyncMoved } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { ListedCustomer, ListedProduct, ListPage } from '../../channels/reading/listing.js';
import { placeOf, secondsToNext, textOf, type ListingPlace } from '../../domain/listing-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { endRun, failRun } from './end-run.js';
import { keepCustomers, keepEnded, keepGone, keepGoods, type ListingKind, type ListingSource } from './keep-listed.js';
import { openShop, type OpenShop } from '../connections/open-shop.js';
import { moveCursor, takeStream, type Lease } from './sync-lease.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;
type Page = ListPage<ListedProduct> | ListPage<ListedCustomer>;

const WHOLE_EVERY = '24 hours';
const OVERLAP_MS = 300_000;
/** Of one run, so that others have their turn. */
const PAGES = 200;
const A_DAY = 86_400;

/**
 * Reads what a shop sells, or who has an account there: what changed since the last time, and all of it once a day, which
 * also finds what is gone. A page, what it tells and the place behind it are kept together, so a kill at any line reads
 * one page twice.
 */
export async function readListing(deps: Deps, shops: Shops, ref: StreamRef, kind: ListingKind): Promise<void> {
  const lease = await takeStream(deps.database, ref, kind);
  if (lease === null) return;
  try {
    const shop = await openShop(deps, shops, ref);
    const list = shop === null ? undefined : listOf(shop, kind);
    if (shop === null || list === undefined) return await endRun(deps.database, ref, lease, 3_600);
    const done = await readPages(deps, { ...ref, platform: shop.platform }, kind, lease, list);
    await endRun(deps.database, ref, lease, done ? secondsToNext(kind, shop.settings, new Date()) : 0);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('listing cannot be read', { ...ref, step: stepOf(kind), errorCode: error.code });
    // The key opens the shop, but not this: somebody has decided so.
    if (error.details.platformCode === 'ACCESS_DENIED') return await endRun(deps.database, ref, lease, A_DAY);
    // A place in a list can be forgotten there.
    if (lease.page !== null && error.code === 'REQUEST_REFUSED') await beginAnew(deps, ref, lease);
    await failRun(deps.database, ref, lease, error);
  }
}

const stepOf = (kind: ListingKind): string => `list-${kind.toLowerCase()}`;

function listOf({ client }: OpenShop, kind: ListingKind): ((page: string | null, since: Date | null) => Promise<Page>) | undefined {
  const { listGoods, listCustomers } = client;
  return kind === 'GOODS' ? listGoods : listCustomers;
}

/** Whether it came to the end. */
async function readPages(deps: Deps, source: ListingSource, kind: ListingKind, lease: Lease, list: (page: string | null, since: Date | null) => Promise<Page>): Promise<boolean> {
  const began = lease.windowTo ?? new Date();
  let place: ListingPlace = placeOf(lease.page) ?? { whole: await isWholeDue(deps, source, kind), complete: true, page: null };
  const since = place.whole ? null : new Date(lease.cursor.getTime() - OVERLAP_MS);
  for (let pages = 0; pages < PAGES; pages += 1) {
    const readAt = new Date();
    const got = await list(place.page, since);
    if ((got.unread ?? 0) > 0) log.warn('some of a listing cannot be read', { tenantId: source.tenantId, connectionId: source.connectionId, step: stepOf(kind), count: got.unread ?? 0 });
    const first = place.page === null;
    place = { whole: place.whole, complete: place.complete && (got.unread ?? 0) === 0, page: got.next };
    const held = await deps.database.write(source.tenantId, 'keep-listing-page', async (em) => {
      const progress = place.page === null ? { kind: 'window', cursor: began } as const : { kind: 'page', window: { from: began, to: began }, page: textOf(place) } as const;
      if (!await moveCursor(em, source.connectionId, lease.runId, progress)) return false;
      const news = kind === 'GOODS'
        ? await keepGoods(em, deps.vault, source, got.items as readonly ListedProduct[], readAt)
        : await keepCustomers(em, deps.vault, source, got.items as readonly ListedCustomer[], readAt);
      if (got.gone !== undefined) await keepEnded(em, source, kind, got.gone, readAt);
      if (got.settings !== undefined) await em.execute('update channel_connection set settings = settings || ?::jsonb where id = ?', [JSON.stringify(got.settings), source.connectionId]);
      await em.execute('update sync_run set pages = pages + 1, items = items + ?, new_items = new_items + ? where id = ?', [got.items.length, news, lease.runId]);
      await countFirst(em, source, kind, got.items.length, first);
      if (place.page === null && place.whole) await endWhole(em, source, kind, began, place.complete);
      return true;
    });
    if (!held || place.page === null) return true;
  }
  return false;
}

async function isWholeDue({ database }: Deps, { tenantId, connectionId }: StreamRef, kind: ListingKind): Promise<boolean> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ due: boolean }[]>(
    `select full_at is null or full_at < app_now() - interval '${WHOLE_EVERY}' as due from sync_stream where connection_id = ? and stream = ?`, [connectionId, kind]));
  return row?.due ?? true;
}

async function endWhole(em: EntityManager, source: ListingSource, kind: ListingKind, began: Date, complete: boolean): Promise<void> {
  await em.execute('update sync_stream set full_at = ? where connection_id = ? and stream = ?', [began, source.connectionId, kind]);
  // What could not be read is not gone.
  const gone = complete ? await keepGone(em, source, kind, began) : 0;
  if (gone > 0) log.info('listed no more', { tenantId: source.tenantId, connectionId: source.connectionId, step: stepOf(kind), count: gone });
}

/** While the shop is read for the first time, its step shows how far this is. */
async function countFirst(em: EntityManager, { tenantId, connectionId }: StreamRef, kind: ListingKind, items: number, first: boolean): Promise<void> {
  const step = kind === 'GOODS' ? 'PRODUCTS' : 'CUSTOMERS';
  const [row] = await em.execute<{ count: number }[]>(
    `update first_sync set steps = steps || jsonb_build_object(step, jsonb_build_object('state', 'RUNNING', 'count', (case when ? then 0 else coalesce((steps->step->>'count')::int, 0) end) + ?))
     where connection_id = ? and step = ? returning (steps->step->>'count')::int as count`, [first, items, connectionId, step]);
  if (row !== undefined) record(em, firstSyncMoved({ tenantId, sequence: Date.now(), data: { connectionId, step, state: 'RUNNING', count: row.count } }));
}

function beginAnew({ database }: Deps, { tenantId, connectionId }: StreamRef, { runId }: Lease): Promise<void> {
  return database.write(tenantId, 'list-anew', async (em) => {
    await em.execute('update sync_stream set page = null, window_to = null where connection_id = ? and lease = ?', [connectionId, runId]);
  });
}
