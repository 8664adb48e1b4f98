import type { EntityManager } from '@mikro-orm/postgresql';
import type { Id } from '@quanyu/ids';

export interface PointsPosting {
  readonly tenantId: string;
  readonly memberId: Id<'mem'>;
  readonly lotId: Id<'lot'>;
  readonly orderId: string;
  readonly kind: 'EARN' | 'REVERSE';
  /** Signed: what the balance changes by. */
  readonly points: number;
}

/** Adds an entry; the database moves lot and balance with it, and refuses what would take either below zero. */
export async function postPoints(em: EntityManager, { tenantId, memberId, lotId, orderId, kind, points }: PointsPosting): Promise<{ readonly balance: number; readonly sequence: number }> {
  const [row] = await em.execute<{ balance: string; sequence: number }[]>(
    'insert into points_entry (tenant_id, member_id, lot_id, order_id, kind, points) values (?, ?, ?, ?, ?, ?) returning balance_after as balance, sequence',
    [tenantId, memberId, lotId, orderId, kind, points]);
  return { balance: Number(row!.balance), sequence: row!.sequence };
}
