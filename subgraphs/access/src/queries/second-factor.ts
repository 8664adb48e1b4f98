import type { GraphContext } from '@quanyu/subgraph';

export interface SecondFactorState { readonly enrolledAt: Date; readonly recoveryCodesLeft: number; readonly lockedUntil: Date | null }

/** Somebody's second factor, in one statement; null while they have none. */
export async function secondFactorOf(ctx: GraphContext, staffId: string): Promise<SecondFactorState | null> {
  const [row] = await ctx.read((em) => em.execute<{ enrolled: string; left: number; locked: string | null }[]>(
    `select f.enrolled_at as enrolled, case when f.locked_until > app_now() then f.locked_until end as locked,
       (select count(*)::int from recovery_code c where c.staff_id = f.staff_id and c.used_at is null) as left
     from second_factor f where f.tenant_id = ? and f.staff_id = ? and f.state = 'ACTIVE'`, [ctx.viewer.tenantId, staffId]));
  return row === undefined ? null : { enrolledAt: new Date(row.enrolled), recoveryCodesLeft: row.left, lockedUntil: row.locked === null ? null : new Date(row.locked) };
}
