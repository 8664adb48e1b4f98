import type { EntityManager } from '@mikro-orm/postgresql';
import { pointsEarned } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import { pointsFor, type Cost } from '../domain/earn.js';
import { DEFAULT_TIME_ZONE, expiryOf } from '../domain/expiry.js';
import { bindOrders, type PlacedOrder } from './bind-orders.js';
import { postPoints } from './post-points.js';

export interface ConfirmedOrder extends PlacedOrder {
  readonly cost: Cost;
  /** Runs what is told of it as the effect of its event. */
  because<T>(work: () => T): T;
}

/** Gives confirmed orders' buyers their points, once; a cancelled order earns nothing, however late the confirmation. */
export async function earnPoints(em: EntityManager, vault: Vault, tenantId: string, orders: readonly ConfirmedOrder[]): Promise<void> {
  const earnings = await bindOrders(em, vault, tenantId, orders);
  const due = orders.filter(({ orderId }) => earnings.get(orderId)!.state === 'BOUND');
  if (due.length === 0) return;
  const { rates, timeZone } = await termsOf(em, tenantId, due.map(({ cost }) => cost.currency));
  const earned = due.flatMap((order) => {
    const { memberId, connectionId } = earnings.get(order.orderId)!;
    const points = memberId === null ? 0 : pointsFor(order.cost, rates.get(order.cost.currency) ?? null);
    return memberId === null || points === 0 ? [] : [{ ...order, memberId, connectionId, points, lotId: newId('lot'), currency: order.cost.currency }];
  });
  if (earned.length > 0) {
    // The moment of the confirmation, not of this attempt: a late or repeated delivery gives the same expiry.
    await em.execute(
      `insert into points_lot (id, tenant_id, member_id, order_id, points, earned_at, expires_at)
       select id, ?, member, "order", points, earned, expires from jsonb_to_recordset(?::jsonb) as l (id text, member text, "order" text, points bigint, earned timestamptz, expires timestamptz)`,
      [tenantId, JSON.stringify(earned.map(({ lotId, memberId, orderId, points, seenAt }) => ({ id: lotId, member: memberId, order: orderId, points, earned: seenAt, expires: expiryOf(seenAt, timeZone) })))]);
    const posted = await postPoints(em, tenantId, earned.map((lot) => ({ ...lot, kind: 'EARN' })));
    for (const { orderId, memberId, connectionId, points, currency, lotId, because } of earned) {
      const { balance, sequence } = posted.get(orderId)!;
      because(() => record(em, pointsEarned({ tenantId, sequence, data: { memberId, orderId, connectionId, points, balance, currency, lotId } })));
    }
  }
  const lots = new Map(earned.map((lot) => [lot.orderId, lot]));
  await em.execute(
    `update order_earning e set state = 'EARNED', lot_id = d.lot, points = d.points, currency = d.currency
     from jsonb_to_recordset(?::jsonb) as d ("order" text, lot text, points bigint, currency text) where e.tenant_id = ? and e.order_id = d."order"`,
    [JSON.stringify(due.map(({ orderId }) => ({ order: orderId, lot: lots.get(orderId)?.lotId ?? null, points: lots.get(orderId)?.points ?? 0, currency: lots.get(orderId)?.currency ?? null }))), tenantId]);
}

/** How many points a major unit of each currency earns, and by whose calendar they end. */
async function termsOf(em: EntityManager, tenantId: string, currencies: readonly string[]): Promise<{ readonly rates: ReadonlyMap<string, number>; readonly timeZone: string }> {
  const rows = await em.execute<{ currency: string | null; points: number | null; timeZone: string | null }[]>(
    `select r.currency, r.points_per_major as points, s.time_zone as "timeZone" from (select ? as tenant_id) t
     left join tenant_setting s on s.tenant_id = t.tenant_id
     left join earn_rate r on r.tenant_id = t.tenant_id and r.currency in (select jsonb_array_elements_text(?::jsonb))`,
    [tenantId, JSON.stringify([...new Set(currencies)])]);
  return {
    rates: new Map(rows.flatMap(({ currency, points }) => (currency === null || points === null ? [] : [[currency, points] as const]))),
    timeZone: rows[0]?.timeZone ?? DEFAULT_TIME_ZONE,
  };
}
