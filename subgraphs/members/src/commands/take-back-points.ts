import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsTakenBack } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { pointsToTakeBack, type RefundedShare } from '../domain/take-back.js';
import { lockEarnings, type HeardOrder } from './bind-orders.js';
import { postPoints } from './post-points.js';

export interface RefundedOrder extends HeardOrder, Omit<RefundedShare, 'points'> { readonly refundId: string }

/** Takes back the share of an order's points that its refund is of its total, as far as the member still has them. */
export async function takeBackPoints(em: EntityManager, tenantId: string, refund: RefundedOrder): Promise<void> {
  const { orderId, refundId } = refund;
  const { state, memberId, lotId, currency, connectionId } = (await lockEarnings(em, tenantId, [refund])).get(orderId)!;
  if (state !== 'EARNED' || memberId === null || lotId === null || currency === null) return;
  const [lot] = await em.execute<{ points: string; remaining: string }[]>(
    'select coalesce(e.earned, l.points) as points, l.remaining from points_lot l join order_earning e on e.lot_id = l.id and e.tenant_id = l.tenant_id and e.order_id = ? where l.id = ?', [orderId, lotId]);
  const points = Math.min(Number(lot!.remaining), pointsToTakeBack({ ...refund, points: Number(lot!.points) }));
  if (points === 0) return;
  const { balance, sequence } = (await postPoints(em, tenantId, [{ memberId, lotId, orderId, kind: 'REVERSE', points: -points, reference: refundId }])).get(orderId)!;
  // What an order that is cancelled after it gives back is the rest.
  await em.execute('update order_earning set points = points - ? where tenant_id = ? and order_id = ?', [points, tenantId, orderId]);
  record(em, pointsTakenBack({ tenantId, sequence, data: { memberId, orderId, connectionId, refundId, points, balance, currency, lotId } }));
}
