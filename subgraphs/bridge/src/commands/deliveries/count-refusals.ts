import type { Database } from '@quanyu/database';
import type { RefusalReason } from '../../channels/channel.js';

export interface Refusals { readonly tenantId: string; readonly connectionId: string; readonly reason: RefusalReason; readonly count: number }

/** Counts webhooks that were refused at the door: one row for each connection and minute, whatever was sent. */
export async function countRefusals(database: Database, { tenantId, connectionId, reason, count }: Refusals): Promise<void> {
  await database.write(tenantId, 'count-refusals', (em) => em.execute(
    `insert into delivery_refusal (connection_id, minute, tenant_id, last_reason, count)
     values (?, date_trunc('minute', app_now()), ?, ?, ?)
     on conflict (connection_id, minute) do update set count = delivery_refusal.count + excluded.count, last_reason = excluded.last_reason`,
    [connectionId, tenantId, reason, count]));
}
