import type { Database } from '@quanyu/database';
import type { PlatformError } from '../../outbound/platform-error.js';
import { ALERT_AFTER, waitAfter } from '../../domain/sync-plan.js';
import { raiseAlert, resolveAlertsOf, SHUT_OUT, shutOutBy } from '../messages/alerts.js';
import type { StreamRef } from '../../queries/due-streams.js';
import type { Lease } from './sync-lease.js';

/** The stream has been read up to the present, or as far as one run goes: then the next begins at once. */
export function endRun(database: Database, { tenantId, connectionId }: StreamRef, { runId }: Lease, everySeconds: number): Promise<void> {
  return database.write(tenantId, 'end-run', async (em) => {
    const [held] = await em.execute<{ had_failed: boolean }[]>(
      `update sync_stream s set lease = null, leased_until = null, failures = 0, last_error = null, last_success_at = app_now(), next_at = app_now() + make_interval(secs => ?)
       from (select connection_id, stream, last_error from sync_stream where connection_id = ? and lease = ? for update) before
       where s.connection_id = before.connection_id and s.stream = before.stream returning before.last_error is not null as had_failed`, [everySeconds, connectionId, runId]);
    if (held === undefined) return;
    await em.execute("update sync_run set state = 'DONE', ended_at = app_now() where id = ?", [runId]);
    // A new key has no failures to its name, and what the old one rang for is over all the same.
    if (!held.had_failed) return;
    for (const code of ['CHANNEL_READ_FAILING', ...Object.values(SHUT_OUT)] as const) await resolveAlertsOf(em, tenantId, { code, subjectId: connectionId });
  });
}

/** The platform did not answer as it should: the stream waits, longer each time, and keeps its place. */
export function failRun(database: Database, { tenantId, connectionId }: StreamRef, { runId, stream: name }: Lease, error: PlatformError): Promise<void> {
  return database.write(tenantId, 'fail-run', async (em) => {
    const [stream] = await em.execute<{ failures: number }[]>(
      `update sync_stream set lease = null, leased_until = null, failures = failures + 1, last_error = ? where connection_id = ? and lease = ? returning failures`,
      [error.code, connectionId, runId]);
    if (stream === undefined) return;
    const { failures } = stream;
    await em.execute("update sync_stream set next_at = app_now() + make_interval(secs => ?) where connection_id = ? and stream = ?", [waitAfter(failures, error.retryAfterMs), connectionId, name]);
    await em.execute("update sync_run set state = 'FAILED', error_code = ?, ended_at = app_now() where id = ?", [error.code, runId]);
    const alert = { tenantId, subjectKind: 'CHANNEL', subjectId: connectionId, connectionId } as const;
    // A key does not heal by waiting.
    const shutOut = shutOutBy(error.code);
    if (shutOut !== null) await raiseAlert(em, { ...alert, code: shutOut, params: {} });
    else if (failures >= ALERT_AFTER) await raiseAlert(em, { ...alert, code: 'CHANNEL_READ_FAILING', params: { reason: error.code, times: failures } });
  });
}
