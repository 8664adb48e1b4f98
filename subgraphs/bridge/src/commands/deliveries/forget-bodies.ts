import type { Database } from '@quanyu/database';

/** As long as a platform may send the same again. */
const KEEP_IDS = '30 days';
const KEEP_BODIES = '90 days';
/** Their lines stay. */
const KEEP_BILLS = '2 years';
const KEEP_REFUSALS = '90 days';
const BATCH = 1_000;
const OVER = "'DONE', 'DEAD', 'IGNORED'";

/** Forgets by which ids old deliveries are known again, their bodies, and old counts of refusals; what became of a delivery stays. In small batches. */
export async function forgetBodies(database: Pick<Database, 'system'>): Promise<number> {
  let removed = 0;
  for (const statement of [
    // What is still open keeps its id: without one it would be known by its body.
    `update delivery set dedupe_key = null where state in (${OVER}) and id in (select id from delivery where dedupe_key is not null and state in (${OVER}) and received_at < app_now() - interval '${KEEP_IDS}' limit ${BATCH})`,
    `update delivery set sealed_body = null where id in (select id from delivery where sealed_body is not null and received_at < app_now() - interval '${KEEP_BODIES}' limit ${BATCH})`,
    `update bill set sealed_file = null where id in (select id from bill where sealed_file is not null and fetched_at < app_now() - interval '${KEEP_BILLS}' limit ${BATCH})`,
    `delete from delivery_refusal where (connection_id, minute) in (select connection_id, minute from delivery_refusal where minute < app_now() - interval '${KEEP_REFUSALS}' limit ${BATCH})`,
  ]) {
    for (let rowCount = BATCH; rowCount === BATCH;) {
      rowCount = (await database.system.query(statement)).rowCount ?? 0;
      removed += rowCount;
    }
  }
  return removed;
}
