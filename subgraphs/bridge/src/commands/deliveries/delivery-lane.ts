import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';

/** One worker's turn at a channel. */
export interface Lane { readonly tenantId: string; readonly connectionId: string; readonly holder: string }

/** A worker that was killed keeps others away for so long; one that lives says so in between. */
const LEASE = "interval '6 seconds'";
const BEAT_MS = 2_000;

/** Takes the lane of a channel, or keeps it; false where another worker has it, who is told that somebody came. */
export async function takeLane(em: EntityManager, { tenantId, connectionId, holder }: Lane): Promise<boolean> {
  const taken = await em.execute<unknown[]>(
    `insert into delivery_lane as l (connection_id, tenant_id, lease, leased_until) values (?, ?, ?, app_now() + ${LEASE})
     on conflict (connection_id) do update set lease = excluded.lease, leased_until = excluded.leased_until, wanted = false
       where l.lease is null or l.lease = excluded.lease or l.leased_until < app_now() returning 1`, [connectionId, tenantId, holder]);
  if (taken.length > 0) return true;
  // Free by now: its deliveries waited for nobody, so whoever came takes it.
  const told = await em.execute<unknown[]>('update delivery_lane set wanted = true where connection_id = ? and lease is not null returning 1', [connectionId]);
  return told.length === 0 && takeLane(em, { tenantId, connectionId, holder });
}

/** Keeps a lane for as long as the work takes, a slow platform included. */
export async function keepingLane<T>(database: Database, lane: Lane, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(() => {
    // A beat that is lost costs the order of what comes next to it, and nothing else.
    void database.write(lane.tenantId, 'keep-lane', (em) => em.execute(`update delivery_lane set leased_until = app_now() + ${LEASE} where connection_id = ? and lease = ?`, [lane.connectionId, lane.holder])).catch(() => undefined);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/** Gives a lane back; true where somebody came meanwhile, whose deliveries nobody may have seen. */
export const leaveLane = (database: Database, { tenantId, connectionId, holder }: Lane): Promise<boolean> =>
  database.write(tenantId, 'leave-lane', async (em) => {
    const [left] = await em.execute<{ wanted: boolean }[]>(
      `with held as (select connection_id, wanted from delivery_lane where connection_id = ? and lease = ? for update)
       update delivery_lane l set lease = null, leased_until = null, wanted = false from held where l.connection_id = held.connection_id returning held.wanted`, [connectionId, holder]);
    return left?.wanted ?? false;
  });
