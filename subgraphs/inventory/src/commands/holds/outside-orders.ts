import type { EntityManager } from '@mikro-orm/postgresql';

export interface OutsideOrder {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly orderId: string;
  readonly externalOrderId: string;
  readonly acknowledgedAt: string;
}

/**
 * Keeps that a system outside knows an order as its own. Its figures taken from then on leave the order's units out, so
 * our hold does not count against those; earlier figures still have them. The first acknowledgement is the true one.
 */
export async function acknowledgeOutsideOrder(em: EntityManager, { tenantId, connectionId, orderId, externalOrderId, acknowledgedAt }: OutsideOrder): Promise<void> {
  await em.execute(
    `insert into outside_order (tenant_id, connection_id, reservation_key, external_order_id, acknowledged_at) values (?, ?, ?, ?, ?)
     on conflict (tenant_id, connection_id, reservation_key) do update set acknowledged_at = least(outside_order.acknowledged_at, excluded.acknowledged_at)`,
    [tenantId, connectionId, orderId, externalOrderId, acknowledgedAt]);
}
