import { defineLoader } from '@quanyu/subgraph';
import type { MemberRow } from '../entities/member.entity.js';

/** What members knows of an order: whose it is, and what it has earned. */
export interface OrderEarned { readonly member: Pick<MemberRow, 'id' | 'createdAt'> | null; readonly points: number | null }

interface Row { order_id: string; state: string; points: string; member_id: MemberRow['id'] | null; member_since: string | null }

/** In the channels that the viewer may see; order and member in one statement. */
export const earnedByOrder = defineLoader<string, OrderEarned>(async (ctx, orderIds) => {
  const { tenantId, channels } = ctx.viewer;
  const seen = channels === 'all' ? null : JSON.stringify(channels);
  const rows = await ctx.read((em) => em.execute<Row[]>(
    `select e.order_id, e.state, e.points::text as points, m.id as member_id, m.created_at as member_since
     from order_earning e left join member m on m.id = e.member_id
     where e.tenant_id = ? and e.order_id in (select jsonb_array_elements_text(?::jsonb))
       and (?::jsonb is null or e.connection_id in (select jsonb_array_elements_text(?::jsonb)))`,
    [tenantId, JSON.stringify(orderIds), seen, seen]));
  return new Map(rows.map((row) => [row.order_id, {
    member: row.member_id === null ? null : { id: row.member_id, createdAt: new Date(row.member_since!) },
    points: row.member_id === null ? null : pointsHeld(row),
  }]));
});

const pointsHeld = ({ state, points }: Row): number | null => {
  if (state === 'BOUND') return null;
  return state === 'EARNED' ? Number(points) : 0;
};
