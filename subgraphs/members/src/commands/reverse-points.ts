import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsReversed } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { lockEarnings, type HeardOrder } from './bind-orders.js';
import { postPoints } from './post-points.js';

/** Takes back what an order has earned, once. An order that has not earned yet is marked, so that it never does. */
export async function reversePoints(em: EntityManager, tenantId: string, order: HeardOrder): Promise<void> {
  const { orderId } = order;
  const { state, memberId, lotId, points, currency, connectionId } = (await lockEarnings(em, tenantId, [order])).get(orderId)!;
  if (state === 'CANCELLED') return;
  await em.execute("update order_earning set state = 'CANCELLED' where tenant_id = ? and order_id = ?", [tenantId, orderId]);
  if (memberId === null || lotId === null || currency === null || points === 0) return;
  const { balance, sequence } = (await postPoints(em, tenantId, [{ memberId, lotId, orderId, kind: 'REVERSE', points: -points }])).get(orderId)!;
  record(em, pointsReversed({ tenantId, sequence, data: { memberId, orderId, connectionId, points, balance, currency, lotId } }));
}
