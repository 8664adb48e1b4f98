import type { Database } from '@quanyu/database';

/** What is read of one shop. */
export interface StreamRef { readonly tenantId: string; readonly connectionId: string }

/** What is read of a channel, each by a plan of its own. */
export type Stream = 'ORDERS' | 'STOCK' | 'PARCELS' | 'GIVEN' | 'WEBHOOKS' | 'BILLS' | 'GOODS' | 'CUSTOMERS';

const BATCH = 500;

/** The shops that are due to be read and that nobody reads. */
export async function* dueStreams({ system }: Pick<Database, 'system'>, stream: Stream = 'ORDERS'): AsyncGenerator<StreamRef[]> {
  let after = '';
  for (;;) {
    const { rows } = await system.query<{ tenantId: string; connectionId: string }>(
      `select s.tenant_id as "tenantId", s.connection_id as "connectionId" from sync_stream s join channel_connection c on c.id = s.connection_id
       where s.stream = $2 and c.status = 'ACTIVE' and s.next_at <= app_now() and (s.leased_until is null or s.leased_until < app_now()) and s.connection_id > $1
       order by s.connection_id limit ${BATCH}`, [after, stream]);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.connectionId;
  }
}
