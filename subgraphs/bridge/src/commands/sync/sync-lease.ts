import type { Database } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import type { StreamRef } from '../../queries/due-streams.js';
import type { SyncWindow } from '../../domain/sync-plan.js';

/** What is read by windows of time, changed orders and parcels that were packed for us, as a list, or to compare. */
export type Windowed = 'ORDERS' | 'PARCELS' | 'GIVEN' | 'GOODS' | 'CUSTOMERS';

/** A stream that this process reads, as long as it says so often enough. */
export interface Lease {
  readonly runId: string;
  readonly stream: Windowed;
  readonly cursor: Date;
  /** The window that a reader before us did not finish. */
  readonly windowTo: Date | null;
  readonly page: string | null;
  readonly failures: number;
}

const LEASE = '2 minutes';
/** Three in the morning by the clock of Beijing, the last time that it was. */
const LAST_NIGHT = "(date_trunc('day', (app_now() - interval '3 hours') at time zone interval '8 hours') + interval '3 hours') at time zone interval '8 hours'";
/** Once a night the orders of a day are read again: what a platform told late, or out of its order, is found then. */
const LOOKS_BACK = `stream = 'ORDERS' and window_to is null and full_at < ${LAST_NIGHT}`;

/** Takes a due stream, with a run to tell of it; null when it is not due or somebody reads it. */
export function takeStream(database: Database, { tenantId, connectionId }: StreamRef, stream: Windowed = 'ORDERS'): Promise<Lease | null> {
  const runId = newId('run');
  return database.write(tenantId, 'take-stream', async (em) => {
    const [row] = await em.execute<{ cursor_ms: string; window_ms: string | null; page: string | null; failures: number }[]>(
      `update sync_stream set lease = ?, leased_until = app_now() + interval '${LEASE}',
         cursor_at = case when ${LOOKS_BACK} then least(cursor_at, app_now() - interval '1 day') else cursor_at end,
         full_at = case when stream = 'ORDERS' and full_at is null or ${LOOKS_BACK} then app_now() else full_at end
       where connection_id = ? and stream = ? and next_at <= app_now() and (leased_until is null or leased_until < app_now())
       returning (extract(epoch from cursor_at) * 1000)::bigint::text as cursor_ms, (extract(epoch from window_to) * 1000)::bigint::text as window_ms, page, failures`,
      [runId, connectionId, stream]);
    if (row === undefined) return null;
    await em.execute("update sync_run set state = 'ABANDONED', ended_at = app_now() where connection_id = ? and stream = ? and state = 'RUNNING'", [connectionId, stream]);
    await em.execute("insert into sync_run (id, tenant_id, connection_id, stream) values (?, ?, ?, ?)", [runId, tenantId, connectionId, stream]);
    return { runId, stream, cursor: new Date(Number(row.cursor_ms)), windowTo: row.window_ms === null ? null : new Date(Number(row.window_ms)), page: row.page, failures: row.failures };
  });
}

/** Where a reader stands after a page: in the window, or past it. */
export type Progress = { readonly kind: 'page'; readonly window: SyncWindow; readonly page: string } | { readonly kind: 'window'; readonly cursor: Date };

/** Moves the cursor, in the transaction that stored what it passed; false when another reader holds the stream by now. */
export async function moveCursor(em: { execute<T>(sql: string, params: unknown[]): Promise<T> }, connectionId: string, runId: string, progress: Progress): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    progress.kind === 'page'
      ? `update sync_stream set window_to = ?, page = ?, leased_until = app_now() + interval '${LEASE}' where connection_id = ? and lease = ? returning 1`
      : `update sync_stream set cursor_at = greatest(cursor_at, ?), window_to = null, page = null, leased_until = app_now() + interval '${LEASE}' where connection_id = ? and lease = ? returning 1`,
    progress.kind === 'page' ? [progress.window.to, progress.page, connectionId, runId] : [progress.cursor, connectionId, runId]);
  return rows.length > 0;
}
