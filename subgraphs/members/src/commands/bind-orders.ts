import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@quanyu/ids';
import type { Vault } from '@quanyu/pii';
import { ensureMembers, type Customer } from './ensure-members.js';

export interface HeardOrder { readonly orderId: string; readonly connectionId: string }
export interface PlacedOrder extends HeardOrder { readonly customer: Customer | null; /** Time of the event. */ readonly seenAt: Date }

/** What is known of an order's points. */
export interface Earning {
  readonly orderId: string;
  readonly connectionId: string;
  /** Null for a buyer whom the channel does not name. */
  readonly memberId: Id<'mem'> | null;
  /** BOUND: not judged yet. EARNED: judged, points may be 0. CANCELLED: final. */
  readonly state: 'BOUND' | 'EARNED' | 'CANCELLED';
  readonly lotId: Id<'lot'> | null;
  readonly points: number;
  readonly currency: string | null;
}

/** The orders' rows, made where they were not heard of, and locked: events of one order queue here. By order. */
export async function lockEarnings(em: EntityManager, tenantId: string, orders: readonly HeardOrder[]): Promise<ReadonlyMap<string, Earning>> {
  // In one order, always: two that hear of the same orders would deadlock otherwise.
  const rows = await em.execute<Earning[]>(
    `insert into order_earning as e (tenant_id, order_id, connection_id, state)
     select ?, o."orderId", o."connectionId", 'BOUND' from jsonb_to_recordset(?::jsonb) as o ("orderId" text, "connectionId" text) order by o."orderId"
     on conflict (tenant_id, order_id) do update set state = e.state
     returning order_id as "orderId", connection_id as "connectionId", member_id as "memberId", state, lot_id as "lotId", points::float8 as points, currency`,
    [tenantId, JSON.stringify(orders.map(({ orderId, connectionId }) => ({ orderId, connectionId })))]);
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** Binds orders to their buyers; the first buyer told stays. A cancelled order keeps its member, too. */
export async function bindOrders(em: EntityManager, vault: Vault, tenantId: string, orders: readonly PlacedOrder[]): Promise<ReadonlyMap<string, Earning>> {
  const earnings = new Map(await lockEarnings(em, tenantId, orders));
  const named = orders.flatMap(({ customer, ...order }) => (customer === null ? [] : [{ ...order, customer }]));
  const members = await ensureMembers(em, vault, tenantId, named);
  const bound = named.flatMap((order, n) => {
    const earning = earnings.get(order.orderId)!;
    if (earning.memberId !== null) return [];
    earnings.set(order.orderId, { ...earning, memberId: members[n]! });
    return [{ orderId: order.orderId, memberId: members[n]! }];
  });
  if (bound.length > 0) {
    await em.execute(
      `update order_earning e set member_id = b."memberId" from jsonb_to_recordset(?::jsonb) as b ("orderId" text, "memberId" text)
       where e.tenant_id = ? and e.order_id = b."orderId"`, [JSON.stringify(bound), tenantId]);
  }
  return earnings;
}
