import type { Database } from '@quanyu/database';
import type { StreamRef } from './due-streams.js';

/** Channels that were left, and of which something is here yet. */
export async function leftChannels({ system }: Pick<Database, 'system'>): Promise<StreamRef[]> {
  const { rows } = await system.query<StreamRef>('select tenant_id as "tenantId", id as "connectionId" from channel_connection where left_at is not null and cleaned_at is null order by left_at limit 100');
  return rows;
}
