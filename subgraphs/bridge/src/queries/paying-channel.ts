import type { Database } from '@quanyu/database';
import type { Platform } from '../channels/channels.js';

/** The channel that a payment goes through: the one that is named where it is of this platform, else the tenant's first of it. */
export async function payingChannel(database: Database, { tenantId, connectionId, platform }: { readonly tenantId: string; readonly connectionId: string; readonly platform: Platform }): Promise<string | null> {
  const [row] = await database.read(tenantId, (em) => em.execute<{ id: string }[]>(
    `select id from channel_connection where tenant_id = ? and platform = ? and status = 'ACTIVE' and sealed_account is not null order by (id = ?) desc, id limit 1`, [tenantId, platform, connectionId]));
  return row?.id ?? null;
}
