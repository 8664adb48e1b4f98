import type { Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import type { StreamRef } from '../../queries/due-streams.js';
import { raiseAlert, shutOutBy } from '../messages/alerts.js';

const LEASE = '2 minutes';

/** What a channel is told in turn: its figures, or its copies of what is ours. Each waits for itself. */
export type Lane = 'stock_lane' | 'copy_lane';

/** Takes a channel's figures to tell them; null when it is not time or somebody tells them. */
export async function takeLane(database: Database, { tenantId, connectionId }: StreamRef, lane: Lane = 'stock_lane'): Promise<string | null> {
  const lease = newId('run');
  const taken = await database.write(tenantId, 'take-stock-lane', (em) => em.execute<unknown[]>(
    `update ${lane} set lease = ?, leased_until = app_now() + interval '${LEASE}'
     where connection_id = ? and next_at <= app_now() and (leased_until is null or leased_until < app_now()) returning 1`, [lease, connectionId]));
  return taken.length === 0 ? null : lease;
}

/** Goes on holding it; false when it is another's by now. */
export async function holdLane(em: { execute<T>(sql: string, params: unknown[]): Promise<T> }, connectionId: string, lease: string, lane: Lane = 'stock_lane'): Promise<boolean> {
  const held = await em.execute<unknown[]>(`update ${lane} set leased_until = app_now() + interval '${LEASE}' where connection_id = ? and lease = ? returning 1`, [connectionId, lease]);
  return held.length > 0;
}

export function endLane(database: Database, { tenantId, connectionId }: StreamRef, lease: string, { afterSeconds, told }: { readonly afterSeconds: number; readonly told: boolean }, lane: Lane = 'stock_lane'): Promise<unknown> {
  return database.write(tenantId, 'end-stock-lane', (em) => em.execute(
    `update ${lane} set lease = null, leased_until = null, next_at = app_now() + make_interval(secs => ?),
       failures = case when ? then 0 else failures end, last_error = case when ? then null else last_error end, last_success_at = case when ? then app_now() else last_success_at end
     where connection_id = ? and lease = ?`, [afterSeconds, told, told, told, connectionId, lease]));
}

/** The channel waits, longer each time. Answers whether it is time to say that its figures are not taken. */
export function failLane(database: Database, { tenantId, connectionId }: StreamRef, lease: string, error: PlatformError, lane: Lane = 'stock_lane'): Promise<boolean> {
  return database.write(tenantId, 'fail-stock-lane', async (em) => {
    const [row] = await em.execute<{ failures: number }[]>(
      `update ${lane} set lease = null, leased_until = null, failures = failures + 1, last_error = ? where connection_id = ? and lease = ? returning failures`, [error.code, connectionId, lease]);
    if (row === undefined) return false;
    // Too many calls is no failure of the figures: they wait as long as the platform says, and no longer.
    const seconds = error.code === 'THROTTLED' && error.retryAfterMs !== null ? Math.ceil(error.retryAfterMs / 1000) : waitAfter(row.failures, error.retryAfterMs);
    await em.execute(`update ${lane} set next_at = app_now() + make_interval(secs => ?) where connection_id = ?`, [seconds, connectionId]);
    const shutOut = shutOutBy(error.code);
    if (shutOut !== null) await raiseAlert(em, { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId, code: shutOut, params: {} });
    return !error.passing || row.failures >= ALERT_AFTER;
  });
}
