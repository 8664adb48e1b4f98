import type { EntityManager } from '@mikro-orm/postgresql';
import { pushedPauseSeconds } from '../../domain/stock-quota.js';

/** What a push can have read. */
export type Woken = 'STOCK' | 'PARCELS' | 'GOODS';

/**
 * Has a stream read soon, because a push says that something of it has changed. A crowd of pushes is one reading, and
 * stock no more often than half of what the system's plan allows in a day.
 */
export async function wakeStream(em: EntityManager, connectionId: string, stream: Woken): Promise<void> {
  const [row] = await em.execute<{ calls: string | null }[]>("select settings->>'callsADay' as calls from channel_connection where id = ?", [connectionId]);
  const pause = stream === 'STOCK' ? pushedPauseSeconds(Number(row?.calls ?? 'NaN')) : 0;
  // While it waits for a platform that fails it is not asked sooner.
  await em.execute(
    `update sync_stream set next_at = least(next_at, greatest(app_now(), coalesce(last_success_at, app_now() - interval '1 day') + make_interval(secs => ?)))
     where connection_id = ? and stream = ? and failures = 0`, [pause, connectionId, stream]);
}
