import type { EntityManager } from '@mikro-orm/postgresql';

/** Remembers an order's channel. It never changes, so the first tidings are as good as the last. */
export async function learnOrder(em: EntityManager, order: { readonly tenantId: string; readonly orderId: string; readonly connectionId: string }): Promise<void> {
  await em.execute('insert into known_order (tenant_id, order_id, connection_id) values (?, ?, ?) on conflict do nothing', [order.tenantId, order.orderId, order.connectionId]);
}
