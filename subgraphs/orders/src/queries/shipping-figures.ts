import type { GraphContext } from '@quanyu/subgraph';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';

export interface ShippingFigures {
  readonly parcels: number;
  /** Sent so long ago that their way should be told by now. */
  readonly due: number;
  readonly visible: number;
  readonly visibleInTime: number;
  readonly delivered: number;
  readonly problems: number;
  readonly yearCardDue: number;
  readonly yearCardInTime: number;
}

export interface ShippingRange { readonly from: Date; readonly to: Date; readonly withinHours: number; readonly channelIds?: readonly string[] | undefined }

/** What became of the parcels of a time, and how soon members with a year card got theirs sent. */
export async function shippingFigures(ctx: GraphContext, { from, to, withinHours, channelIds }: ShippingRange): Promise<ShippingFigures> {
  const { tenantId, channels } = ctx.viewer;
  const seen = channels === 'all' ? channelIds : (channelIds ?? channels).filter((id) => channels.includes(id));
  const list = seen === undefined ? null : seen.join(',');
  const [row] = await ctx.read((em) => em.execute<ShippingFigures[]>(
    `with sent as (
       select p.shipped_at, t.heard_at, t.state, t.problem from parcel p left join parcel_track t on t.tenant_id = p.tenant_id and t.tracking_number = p.tracking_number
       where p.tenant_id = ? and p.shipped_at >= ? and p.shipped_at < ? and (?::text is null or p.connection_id = any(string_to_array(?, ',')))
     ), carded as (
       select o.confirmed_at, o.shipped_at from year_card c join sales_order o on o.tenant_id = c.tenant_id and o.member_id = c.member_id and o.confirmed_at between c.valid_from and c.valid_until
       where c.tenant_id = ? and o.confirmed_at >= ? and o.confirmed_at < ? and o.status <> 'CANCELLED' and (?::text is null or o.connection_id = any(string_to_array(?, ',')))
     )
     select s.*, k.* from (
       select count(*)::int as parcels, count(*) filter (where shipped_at <= app_now() - make_interval(hours => ?) or heard_at is not null)::int as due, count(heard_at)::int as visible,
         count(*) filter (where heard_at <= shipped_at + make_interval(hours => ?))::int as "visibleInTime", count(*) filter (where state = 'DELIVERED')::int as delivered, count(*) filter (where problem)::int as problems from sent) s,
       (select count(*) filter (where shipped_at is not null or confirmed_at <= app_now() - interval '24 hours')::int as "yearCardDue", count(*) filter (where shipped_at <= confirmed_at + interval '24 hours')::int as "yearCardInTime" from carded) k`,
    [tenantId, from, to, list, list, tenantId, from, to, list, list, withinHours, withinHours]));
  return row!;
}

/** Orders to send, in the order in which they should be: members with a year card first, then who waits longest. */
export async function shippingQueue(ctx: GraphContext, { first, channelIds }: { readonly first: number; readonly channelIds?: readonly string[] | undefined }): Promise<readonly { readonly order: SalesOrderRow; readonly yearCard: boolean }[]> {
  const { tenantId, channels } = ctx.viewer;
  const seen = channels === 'all' ? channelIds : (channelIds ?? channels).filter((id) => channels.includes(id));
  const list = seen === undefined ? null : seen.join(',');
  return ctx.read(async (em) => {
    const rows = await em.execute<{ id: string; carded: boolean }[]>(
      `select o.id, c.member_id is not null as carded from sales_order o
       left join year_card c on c.tenant_id = o.tenant_id and c.member_id = o.member_id and o.confirmed_at between c.valid_from and c.valid_until
       where o.tenant_id = ? and o.status = 'TO_SHIP' and not o.on_hold and (?::text is null or o.connection_id = any(string_to_array(?, ',')))
       order by (c.member_id is null), o.confirmed_at, o.id limit ?`, [tenantId, list, list, Math.max(1, Math.min(first, 250))]);
    const orders = new Map((await em.find(SalesOrder, { tenantId, id: { $in: rows.map(({ id }) => id) as never } }, { disableIdentityMap: true })).map((order) => [order.id as string, order]));
    return rows.map(({ id, carded }) => ({ order: orders.get(id)!, yearCard: carded }));
  });
}
