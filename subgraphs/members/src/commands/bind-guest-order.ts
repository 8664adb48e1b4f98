import type { EntityManager } from '@mikro-orm/postgresql';
import type { Vault } from '@quanyu/pii';
import { bindOrders, lockEarnings, type PlacedOrder } from './bind-orders.js';
import { earnPoints } from './earn-points.js';
import type { Cost } from '../domain/earn.js';

export interface BoundOrder extends PlacedOrder { readonly confirmed: { readonly cost: Cost; readonly confirmedAt: Date } | null }

/** A guest's order belongs to a member from now on: it earns as if they had placed it, once. One that has a buyer keeps them. */
export async function bindGuestOrder(em: EntityManager, vault: Vault, tenantId: string, { confirmed, ...order }: BoundOrder): Promise<void> {
  const { memberId, state } = (await lockEarnings(em, tenantId, [order])).get(order.orderId)!;
  if (memberId !== null) return;
  if (confirmed === null || state === 'CANCELLED') {
    await bindOrders(em, vault, tenantId, [order]);
    return;
  }
  // It was judged when it had no buyer, and earned nothing.
  if (state === 'EARNED') await em.execute("update order_earning set state = 'BOUND' where tenant_id = ? and order_id = ?", [tenantId, order.orderId]);
  await earnPoints(em, vault, tenantId, [{ ...order, seenAt: confirmed.confirmedAt, cost: confirmed.cost, because: (work) => work() }]);
}
