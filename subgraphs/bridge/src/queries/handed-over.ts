import { defineListLoader, defineLoader } from '@quanyu/subgraph';

export interface HandedOver { readonly orderId: string; readonly channelId: string; readonly purpose: 'SHIP' | 'COUNT'; readonly state: string; readonly externalOrderId: string | null; readonly store: string | null; readonly failureCode: string | null; readonly writtenAt: Date | null }
export interface HandingOver { readonly ordersWaiting: number; readonly ordersFailed: number; readonly lastWrittenAt: Date | null; readonly parcelsLastDay: number }

const list = (ids: readonly string[]): string => ids.map(() => '?').join(', ');
const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** Where orders have been handed over. */
export const handedOver = defineListLoader<string, HandedOver>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ order_id: string; connection_id: string; purpose: HandedOver['purpose']; state: string; external_order_id: string | null; store: string | null; failure_code: string | null; written_at: string | null }[]>(
    `select order_id, connection_id, purpose, state, external_order_id, store, failure_code, written_at from outgoing_order where tenant_id = ? and order_id in (${list(ids)}) order by purpose desc, connection_id`, [ctx.viewer.tenantId, ...ids]));
  return rows.map((row) => ({ orderId: row.order_id, channelId: row.connection_id, purpose: row.purpose, state: row.state, externalOrderId: row.external_order_id, store: row.store, failureCode: row.failure_code, writtenAt: date(row.written_at) }));
}, (one) => one.orderId);

/** What systems that ship or count for us still have to be told, and what they packed of late. */
export const handingOver = defineLoader<string, HandingOver>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; waiting: number; failed: number; last: string | null; parcels: number }[]>(
    `select c.id, o.waiting, o.failed, w.last, p.parcels from unnest(array[${list(ids)}]::text[]) as c (id)
     cross join lateral (select count(*) filter (where state in ('DUE', 'RECALL'))::int as waiting, count(*) filter (where state = 'DEAD')::int as failed from outgoing_order where connection_id = c.id and state in ('DUE', 'RECALL', 'DEAD')) o
     cross join lateral (select max(written_at) as last from outgoing_order where connection_id = c.id) w
     cross join lateral (select count(*)::int as parcels from outside_parcel where connection_id = c.id and told and read_at > app_now() - interval '1 day') p`, [...ids]));
  return new Map(rows.map((row) => [row.id, { ordersWaiting: row.waiting, ordersFailed: row.failed, lastWrittenAt: date(row.last), parcelsLastDay: row.parcels }]));
});

export interface StockDelay { readonly figures: number; readonly medianSeconds: number; readonly slowestSeconds: number }

/** How long channels waited for their figures in the last day, from the change here to their answer. */
export const stockDelay = defineLoader<string, StockDelay>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; figures: number; median: number; slowest: number }[]>(
    `select connection_id, count(*)::int as figures, percentile_cont(0.5) within group (order by extract(epoch from told_at - planned_at))::float as median, max(extract(epoch from told_at - planned_at))::float as slowest
     from stock_push where connection_id in (${list(ids)}) and told_at > app_now() - interval '1 day' and planned_at is not null and told_at >= planned_at group by connection_id`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, { figures: row.figures, medianSeconds: row.median, slowestSeconds: row.slowest }]));
});

/** Which topics platforms push to us, as they said when they were asked last. */
export const webhookTopics = defineLoader<string, readonly string[]>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; webhook_topics: string[] | null }[]>(`select id, webhook_topics from channel_connection where tenant_id = ? and id in (${list(ids)})`, [ctx.viewer.tenantId, ...ids]));
  return new Map(rows.flatMap((row) => (row.webhook_topics === null ? [] : [[row.id, row.webhook_topics]])));
});
