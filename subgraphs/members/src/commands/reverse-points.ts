import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsReversed } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { lockEarning, type HeardOrder } from './bind-order.js';
import { postPoints } from './post-points.js';

/** Takes back what an order has earned, once. An order that has not earned yet is marked, so that it never does. */
export async function reversePoints(em: EntityManager, order: HeardOrder): Promise<void> {
  const earning = await lockEarning(em, order);
  if (earning.state === 'CANCELLED') return;
  earning.state = 'CANCELLED';
  const { tenantId, orderId, memberId, lotId, points, currency } = earning;
  if (!memberId || !lotId || !currency) return;
  const { balance, sequence } = await postPoints(em, { tenantId, memberId, lotId, orderId, kind: 'REVERSE', points: -points });
  record(em, pointsReversed({ tenantId, sequence, data: { memberId, orderId, connectionId: earning.connectionId, points, balance, currency, lotId } }));
}
