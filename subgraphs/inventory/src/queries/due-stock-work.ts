import type { Database } from '@quanyu/database';

type System = Pick<Database, 'system'>;

/** Tenants whose figures should have been worked out by now: what asked for it was lost, or came to its end a moment too early. */
export async function* duePublishing({ system }: System): AsyncGenerator<readonly { tenantId: string }[]> {
  const { rows } = await system.query<{ tenantId: string }>(
    `select tenant_id as "tenantId" from publish_sweep
     union select tenant_id from publish_due where marked_at < app_now() - interval '2 seconds'`);
  if (rows.length > 0) yield rows;
}

const BATCH = 200;

/** Files that are there and stand still, oldest first. */
export async function* dueImports({ system }: System): AsyncGenerator<readonly { tenantId: string; importId: string }[]> {
  for (let after = ''; ;) {
    const { rows } = await system.query<{ tenantId: string; importId: string }>(
      `select id as "importId", tenant_id as "tenantId" from stock_import
       where state in ('QUEUED', 'RUNNING') and changed_at < app_now() - interval '10 seconds' and id > $1 order by id limit ${BATCH}`, [after]);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.importId;
  }
}
