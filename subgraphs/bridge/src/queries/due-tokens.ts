import type { Database } from '@quanyu/database';
import type { StreamRef } from './due-streams.js';

/** Channels whose tokens are to be renewed by now and that nobody renews. */
export async function dueTokens({ system }: Pick<Database, 'system'>): Promise<StreamRef[]> {
  const { rows } = await system.query<StreamRef>(
    `select tenant_id as "tenantId", id as "connectionId" from channel_connection
     where status = 'ACTIVE' and token_renew_at <= app_now() and (token_leased_until is null or token_leased_until < app_now()) order by token_renew_at limit 500`);
  return rows;
}
