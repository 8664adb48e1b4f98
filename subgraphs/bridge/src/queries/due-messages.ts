import type { Database } from '@quanyu/database';

export interface MessageRef { readonly tenantId: string; readonly messageId: string }

/** Messages that are to be sent by now, to addresses that are listened to. */
export async function dueMessages({ system }: Pick<Database, 'system'>): Promise<MessageRef[]> {
  const { rows } = await system.query<MessageRef>(
    `select m.tenant_id as "tenantId", m.id as "messageId" from webhook_message m join webhook_endpoint e on e.id = m.endpoint_id
     where m.state = 'DUE' and e.status = 'ACTIVE' and m.next_at <= app_now() and (m.leased_until is null or m.leased_until < app_now()) order by m.next_at limit 500`);
  return rows;
}
