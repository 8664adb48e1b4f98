import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import type { Platform } from '../channels/channels.js';

interface Paid { readonly tenantId: string; readonly connectionId: string; readonly platform: Platform }

/** The channel that a payment goes through: the one that is named where it is of this platform, else the tenant's first of it. */
export const payingChannel = (database: Database, paid: Paid): Promise<string | null> => database.read(paid.tenantId, (em) => payingChannelIn(em, paid));

export async function payingChannelIn(em: EntityManager, { tenantId, connectionId, platform }: Paid): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `select id from channel_connection where tenant_id = ? and platform = ? and status = 'ACTIVE' and sealed_account is not null order by (id = ?) desc, id limit 1`, [tenantId, platform, connectionId]);
  return row?.id ?? null;
}
