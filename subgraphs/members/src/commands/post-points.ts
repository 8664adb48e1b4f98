import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@quanyu/ids';

export interface PointsPosting {
  readonly memberId: Id<'mem'>;
  readonly lotId: Id<'lot'>;
  readonly orderId: string;
  readonly kind: 'EARN' | 'REVERSE';
  /** Signed: what the balance changes by. */
  readonly points: number;
  /** What it is for, where an order has several of a kind; an order has one of each. */
  readonly reference?: string;
}

/** Adds entries; the database moves lots and balances with them, and refuses what would take either below zero. Answers by order. */
export async function postPoints(em: EntityManager, tenantId: string, postings: readonly PointsPosting[]): Promise<ReadonlyMap<string, { readonly balance: number; readonly sequence: number }>> {
  // In one order, always: two that post to the same members would deadlock otherwise.
  const rows = await em.execute<{ orderId: string; balance: number; sequence: number }[]>(
    `insert into points_entry (tenant_id, member_id, lot_id, order_id, kind, points, reference)
     select ?, member, lot, "order", kind, points, reference from jsonb_to_recordset(?::jsonb) as p (n int, member text, lot text, "order" text, kind text, points bigint, reference text) order by member, n
     returning order_id as "orderId", balance_after::float8 as balance, sequence`,
    [tenantId, JSON.stringify(postings.map(({ memberId, lotId, orderId, kind, points, reference = '' }, n) => ({ n, member: memberId, lot: lotId, order: orderId, kind, points, reference })))]);
  return new Map(rows.map(({ orderId, ...posted }) => [orderId, posted]));
}
