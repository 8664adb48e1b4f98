import type { Database } from '@quanyu/database';

export interface OutgoingRef { readonly tenantId: string; readonly connectionId: string; readonly orderId: string }

/** Orders that are to be handed to a system outside, or taken back from it, by now. */
export async function dueOutgoingOrders({ system }: Pick<Database, 'system'>): Promise<OutgoingRef[]> {
  const { rows } = await system.query<OutgoingRef>(
    `select tenant_id as "tenantId", connection_id as "connectionId", order_id as "orderId" from outgoing_order
     where state in ('DUE', 'RECALL') and next_at <= app_now() and (leased_until is null or leased_until < app_now()) order by next_at limit 500`);
  return rows;
}
