import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsEarned } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import { pointsFor, type Cost } from '../domain/earn.js';
import { DEFAULT_TIME_ZONE, expiryOf } from '../domain/expiry.js';
import { EarnRate, TenantSetting } from '../entities/earn-rate.entity.js';
import { bindOrder, type PlacedOrder } from './bind-order.js';
import { postPoints } from './post-points.js';

export interface ConfirmedOrder extends PlacedOrder { readonly cost: Cost }

/** Gives a confirmed order's buyer their points, once; a cancelled order earns nothing, however late the confirmation. */
export async function earnPoints(em: EntityManager, vault: Vault, { cost, ...order }: ConfirmedOrder): Promise<void> {
  const earning = await bindOrder(em, vault, order);
  if (earning.state !== 'BOUND') return;
  earning.state = 'EARNED';
  const { tenantId, orderId } = order;
  const { memberId } = earning;
  if (!memberId) return;

  const rate = await em.findOne(EarnRate, { tenantId, currency: cost.currency }, { disableIdentityMap: true });
  const points = pointsFor(cost, rate?.pointsPerMajor ?? null);
  if (points === 0) return;

  const setting = await em.findOne(TenantSetting, { tenantId }, { disableIdentityMap: true });
  const lotId = newId('lot');
  // The moment of the confirmation, not of this attempt: a late or repeated delivery gives the same expiry.
  await em.execute(
    'insert into points_lot (id, tenant_id, member_id, order_id, points, earned_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
    [lotId, tenantId, memberId, orderId, points, order.seenAt, expiryOf(order.seenAt, setting?.timeZone ?? DEFAULT_TIME_ZONE)]);
  const { balance, sequence } = await postPoints(em, { tenantId, memberId, lotId, orderId, kind: 'EARN', points });
  Object.assign(earning, { lotId, points, currency: cost.currency });
  record(em, pointsEarned({ tenantId, sequence, data: { memberId, orderId, connectionId: earning.connectionId, points, balance, currency: cost.currency, lotId } }));
}
