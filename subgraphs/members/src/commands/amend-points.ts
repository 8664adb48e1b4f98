import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsAdded, pointsTakenBack } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { pointsFor } from '../domain/earn.js';
import { lockEarnings, type HeardOrder } from './bind-orders.js';
import { postPoints } from './post-points.js';

export interface AmendedOrder extends HeardOrder { readonly editId: string; readonly currency: string; readonly beforeMinor: number; readonly afterMinor: number }

/**
 * A confirmed order costs another sum since it was edited: its buyer has points for the new one. Both sums are judged
 * whole, so that edits round once. An order that has earned nothing has no lot to add to, and stays so.
 */
export async function amendPoints(em: EntityManager, tenantId: string, order: AmendedOrder): Promise<void> {
  const { orderId, editId, currency, beforeMinor, afterMinor } = order;
  const { state, memberId, lotId, points, connectionId } = (await lockEarnings(em, tenantId, [order])).get(orderId)!;
  if (state !== 'EARNED' || memberId === null || lotId === null) return;
  const [rate] = await em.execute<{ points: number }[]>('select points_per_major as points from earn_rate where tenant_id = ? and currency = ?', [tenantId, currency]);
  const of = (totalMinor: number): number => pointsFor({ currency, totalMinor }, rate?.points ?? null);
  const [{ remaining } = { remaining: '0' }] = await em.execute<{ remaining: string }[]>('select remaining from points_lot where id = ?', [lotId]);
  // What the buyer has spent meanwhile is not asked back.
  const change = Math.max(of(afterMinor) - of(beforeMinor), -Number(remaining));
  await em.execute('update order_earning set earned = coalesce(earned, points) + ?, points = points + ? where tenant_id = ? and order_id = ?', [of(afterMinor) - of(beforeMinor), change, tenantId, orderId]);
  if (change === 0 || points + change < 0) return;
  const { balance, sequence } = (await postPoints(em, tenantId, [{ memberId, lotId, orderId, kind: change > 0 ? 'EARN' : 'REVERSE', points: change, reference: editId }])).get(orderId)!;
  const told = { memberId, orderId, connectionId, balance, currency, lotId };
  record(em, change > 0 ? pointsAdded({ tenantId, sequence, data: { ...told, editId, points: change } }) : pointsTakenBack({ tenantId, sequence, data: { ...told, refundId: editId, points: -change } }));
}
