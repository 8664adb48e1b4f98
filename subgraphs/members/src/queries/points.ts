import { defineLoader, type GraphContext } from '@quanyu/subgraph';
import { PointsBalance, PointsLot, type PointsBalanceRow, type PointsLotRow } from '../entities/points.entity.js';

type Balance = Pick<PointsBalanceRow, 'memberId' | 'balance' | 'version'>;

const balances = defineLoader<string, Balance>(async (ctx, memberIds) => {
  const rows = await ctx.read((em) => em.find(PointsBalance, { tenantId: ctx.viewer.tenantId, memberId: { $in: memberIds as never } }, { disableIdentityMap: true }));
  return new Map(rows.map((row) => [row.memberId, row]));
});

/** A member's balance; zero before the first entry. */
export const balanceOf = async (ctx: GraphContext, memberId: string): Promise<Balance> =>
  (await balances(ctx).load(memberId)) ?? { memberId: memberId as Balance['memberId'], balance: 0, version: 0 };

interface LotsKey { readonly member: string; readonly first: number }

const lots = defineLoader<string, readonly PointsLotRow[]>((ctx, keys) => ctx.read(async (em) => {
  const rows = await em.execute<(Record<string, unknown> & { key: string })[]>(
    `select wanted.key, lot.* from jsonb_array_elements_text(?::jsonb) as wanted (key)
     cross join lateral (
       select * from points_lot l where l.tenant_id = ? and l.member_id = wanted.key::jsonb ->> 'member' and l.remaining > 0
       order by l.expires_at, l.id limit (wanted.key::jsonb ->> 'first')::int
     ) lot order by lot.expires_at, lot.id`,
    [JSON.stringify(keys), ctx.viewer.tenantId]);
  const found = new Map<string, PointsLotRow[]>(keys.map((key) => [key, []]));
  for (const { key, ...row } of rows) found.get(key)!.push(em.map(PointsLot, row as never) as PointsLotRow);
  return found;
}));

/** A member's lots with something left, the next to expire first; one statement for all members of a level. */
export const openLots = async (ctx: GraphContext, memberId: string, first: number): Promise<readonly PointsLotRow[]> =>
  (await lots(ctx).load(JSON.stringify({ member: memberId, first } satisfies LotsKey))) ?? [];
