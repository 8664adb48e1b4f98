import type { Database } from '@quanyu/database';

/** A delivery that should have been worked on by now. */
export interface DueDelivery { readonly deliveryId: string; readonly tenantId: string; readonly connectionId: string }

interface DueRow extends DueDelivery { readonly at: string }

const BATCH = 500;

/**
 * Deliveries that should have been worked on by now, of all tenants, oldest first: their job was lost with a process or
 * with the queue's memory, or could not be asked for. Read page by page while others change them.
 */
export async function* dueDeliveries({ system }: Pick<Database, 'system'>): AsyncGenerator<readonly DueDelivery[]> {
  for (let after = { at: '-infinity', deliveryId: '' }; ;) {
    const { rows } = await system.query<DueRow>(
      `select id as "deliveryId", tenant_id as "tenantId", connection_id as "connectionId", changed_at::text as at from delivery
       where state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED') and (changed_at, id) > ($1::timestamptz, $2)
         and changed_at < app_now() - case state when 'PROCESSING' then interval '30 seconds' when 'FAILED' then interval '60 seconds' else interval '5 seconds' end
       order by changed_at, id limit ${BATCH}`, [after.at, after.deliveryId]);
    if (rows.length > 0) yield rows.map(({ at: _at, ...delivery }) => delivery);
    if (rows.length < BATCH) return;
    after = rows.at(-1)!;
  }
}
