import type { EntityManager } from '@mikro-orm/postgresql';
import { outsideStockRead } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import type { StockLevel } from '../../channels/connector.js';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import { PlatformError } from '../../outbound/platform-error.js';
import type { Shops } from '../../outbound/shops.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { raiseAlert, resolveAlertsOf } from '../messages/alerts.js';
import { openShop } from '../connections/open-shop.js';

type Deps = Pick<SubgraphDeps, 'database' | 'vault'>;

const EVERY_SECONDS = 300;
const FULL_EVERY = '45 minutes';
const OVERLAP_MS = 300_000;
const PAGES = 200;
const FIGURES_AT_ONCE = 500;

interface Turn { readonly lease: string; readonly since: Date | null }

/**
 * Reads what a system outside counts, for the location of ours that follows it: what changed every five minutes, all of it
 * every 45, which mends what was missed. A figure that comes twice says the same.
 */
export async function pullStock(deps: Deps, shops: Shops, ref: StreamRef): Promise<void> {
  const turn = await take(deps, ref);
  if (turn === null) return;
  try {
    const shop = await openShop(deps, shops, ref);
    const locationId = shop?.locationId ?? '';
    if (shop?.client.pullStock === undefined || locationId === '') return await end(deps, ref, turn, null);
    const began = new Date();
    for (let page: string | null = null, pages = 0; pages < PAGES; pages += 1) {
      const takenAt = new Date();
      const { levels, next } = await shop.client.pullStock(turn.since, page);
      await deps.database.write(ref.tenantId, 'record-outside-stock', (em) => tell(em, ref, locationId, takenAt, levels));
      page = next;
      if (page === null) break;
    }
    await end(deps, ref, turn, began);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn('stock outside cannot be read', { ...ref, step: 'pull-stock', errorCode: error.code });
    await fail(deps, ref, turn, error);
  }
}

async function take({ database }: Deps, { tenantId, connectionId }: StreamRef): Promise<Turn | null> {
  const lease = newId('run');
  const [row] = await database.write(tenantId, 'take-stock-stream', (em) => em.execute<{ cursor_ms: string; full: boolean }[]>(
    `update sync_stream set lease = ?, leased_until = app_now() + interval '5 minutes'
     where connection_id = ? and stream = 'STOCK' and next_at <= app_now() and (leased_until is null or leased_until < app_now())
     returning (extract(epoch from cursor_at) * 1000)::bigint::text as cursor_ms, (full_at is null or full_at < app_now() - interval '${FULL_EVERY}') as full`, [lease, connectionId]));
  if (row === undefined) return null;
  return { lease, since: row.full ? null : new Date(Number(row.cursor_ms) - OVERLAP_MS) };
}

/** Tells the figures of goods that we know by their names there; others are none of ours. */
async function tell(em: EntityManager, { tenantId, connectionId }: StreamRef, locationId: string, takenAt: Date, levels: readonly StockLevel[]): Promise<void> {
  if (levels.length === 0) return;
  const rows = await em.execute<{ name: string; sku_id: string }[]>(
    `select distinct on (name) name, sku_id from sku_name where tenant_id = ? and connection_id in (?, '') and name in (select jsonb_array_elements_text(?::jsonb)) order by name, connection_id desc`,
    [tenantId, connectionId, JSON.stringify(levels.map(({ externalSku }) => externalSku))]);
  const skuOf = new Map(rows.map((row) => [row.name, row.sku_id]));
  // One SKU may stand there under two names; it is told once.
  const figures = [...new Map(levels.flatMap(({ externalSku, quantity }) => { const skuId = skuOf.get(externalSku); return skuId === undefined ? [] : [[skuId, { skuId, quantity }] as const]; })).values()];
  for (let at = 0; at < figures.length; at += FIGURES_AT_ONCE) {
    record(em, outsideStockRead({ tenantId, sequence: takenAt.getTime(), data: { connectionId, locationId, takenAt: takenAt.toISOString(), figures: figures.slice(at, at + FIGURES_AT_ONCE) } }));
  }
}

/** @param read when the reading began; null when nothing was read */
function end({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease, since }: Turn, read: Date | null): Promise<void> {
  return database.write(tenantId, 'end-stock-stream', async (em) => {
    const [row] = await em.execute<{ failures: number }[]>(
      `update sync_stream s set lease = null, leased_until = null, next_at = app_now() + interval '${EVERY_SECONDS} seconds', failures = 0, last_error = null,
         cursor_at = coalesce(?, s.cursor_at), last_success_at = coalesce(?, s.last_success_at), full_at = case when ? then ?::timestamptz else s.full_at end
       from (select failures from sync_stream where connection_id = ? and stream = 'STOCK') before where s.connection_id = ? and s.stream = 'STOCK' and s.lease = ? returning before.failures`,
      [read, read, since === null && read !== null, read, connectionId, connectionId, lease]);
    if (row !== undefined && row.failures > 0) await resolveAlertsOf(em, tenantId, { code: 'CHANNEL_READ_FAILING', subjectId: connectionId });
  });
}

function fail({ database }: Deps, { tenantId, connectionId }: StreamRef, { lease }: Turn, error: PlatformError): Promise<void> {
  return database.write(tenantId, 'fail-stock-stream', async (em) => {
    const [row] = await em.execute<{ failures: number }[]>(
      "update sync_stream set lease = null, leased_until = null, failures = failures + 1, last_error = ? where connection_id = ? and stream = 'STOCK' and lease = ? returning failures", [error.code, connectionId, lease]);
    if (row === undefined) return;
    await em.execute("update sync_stream set next_at = app_now() + make_interval(secs => ?) where connection_id = ? and stream = 'STOCK'", [waitAfter(row.failures, error.retryAfterMs), connectionId]);
    const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
    if (error.code === 'CREDENTIALS_REFUSED') await raiseAlert(em, { ...alert, code: 'CHANNEL_KEY_REFUSED', params: {} });
    else if (row.failures >= ALERT_AFTER) await raiseAlert(em, { ...alert, code: 'CHANNEL_READ_FAILING', params: { reason: error.code, times: row.failures } });
  });
}
