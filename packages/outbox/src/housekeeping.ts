import type { Database } from '@quanyu/database';

const KEEP_OUTBOX = '7 days';
const KEEP_INBOX = '30 days';
const BATCH = 5_000;

/**
 * Removes events that every consumer has taken in a week ago, and inbox rows older than any redelivery.
 * Small batches: a long transaction would hold back every relay of the cluster.
 */
export async function sweepEventLog(database: Database): Promise<number> {
  let removed = 0;
  for (const statement of [
    // The log's head, in its own order: one consumer that lags keeps what it has not read.
    `delete from outbox o using (
       select h.xid, h.id from (select xid, id, time from outbox order by xid, id limit ${BATCH}) h
       where h.time < app_now() - interval '${KEEP_OUTBOX}'
         and not exists (select 1 from outbox_cursor c where (c.xid, c.id) < (h.xid, h.id))
     ) old where o.xid = old.xid and o.id = old.id`,
    `delete from inbox where event_id in (select event_id from inbox where received_at < app_now() - interval '${KEEP_INBOX}' limit ${BATCH})`,
  ]) {
    for (let rowCount = BATCH; rowCount === BATCH;) {
      rowCount = (await database.system.query(statement)).rowCount ?? 0;
      removed += rowCount;
    }
  }
  return removed;
}
