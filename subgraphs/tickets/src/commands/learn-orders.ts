import type { EntityManager } from '@mikro-orm/postgresql';

/** Remembers orders' channels. They never change, so the first tidings are as good as the last. */
export async function learnOrders(em: EntityManager, tenantId: string, orders: readonly { readonly orderId: string; readonly connectionId: string }[]): Promise<void> {
  // In one order, always: two that learn of the same orders would deadlock otherwise.
  const sorted = orders.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
  await em.execute(`insert into known_order (tenant_id, order_id, connection_id) values ${sorted.map(() => '(?, ?, ?)').join(', ')} on conflict do nothing`,
    sorted.flatMap(({ orderId, connectionId }) => [tenantId, orderId, connectionId]));
}
