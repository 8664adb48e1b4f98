import { defineListLoader, defineLoader } from '@quanyu/subgraph';
import type { Purpose } from '../channels/connector.js';

export interface ChannelCopies {
  readonly productsGiven: number; readonly productsWaiting: number; readonly ordersGiven: number; readonly ordersWaiting: number; readonly failed: number; readonly refused: number;
  readonly p95Seconds: number | null; readonly failures: number; readonly lastErrorCode: string | null; readonly lastSuccessAt: Date | null; readonly failingSince: Date | null;
}
export interface GivenCopy { readonly id: string; readonly channelId: string; readonly purpose: Purpose; readonly subjectId: string; readonly fields: readonly string[]; readonly result: 'SENT' | 'REFUSED'; readonly reason: string | null; readonly at: Date }

const list = (ids: readonly string[]): string => ids.map(() => '?').join(', ');
const date = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** What shops are given of ours: how much of it they have, what waits, and how long it took in the last day. */
export const channelCopies = defineLoader<string, ChannelCopies>(async (ctx, ids) => {
  type Row = Omit<ChannelCopies, 'lastSuccessAt' | 'failingSince' | 'p95Seconds'> & { readonly id: string; readonly p95: string | null; readonly last: string | null; readonly since: string | null };
  const rows = await ctx.read((em) => em.execute<Row[]>(
    `select c.id, s.*, coalesce(l.failures, 0) as failures, l.last_error as "lastErrorCode", l.last_success_at as last, l.failing_since as since
     from unnest(array[${list(ids)}]::text[]) as c (id) left join copy_lane l on l.connection_id = c.id
     cross join lateral (
       select count(*) filter (where purpose = 'PRODUCT' and external_id is not null)::int as "productsGiven", count(*) filter (where purpose = 'PRODUCT' and state = 'DUE')::int as "productsWaiting",
         count(*) filter (where purpose = 'ORDER' and external_id is not null)::int as "ordersGiven", count(*) filter (where purpose = 'ORDER' and state = 'DUE')::int as "ordersWaiting",
         count(*) filter (where state = 'FAILED')::int as failed, count(*) filter (where state = 'REFUSED')::int as refused,
         percentile_cont(0.95) within group (order by extract(epoch from told_at - due_at)) filter (where told_at > app_now() - interval '1 day' and told_at >= due_at)::text as p95
       from shop_copy where connection_id = c.id) s`, [...ids]));
  return new Map(rows.map(({ id, p95, last, since, ...row }) => [id, { ...row, p95Seconds: p95 === null ? null : Number(p95), lastSuccessAt: date(last), failingSince: date(since) }]));
});

/** The last fifty things that left for shops, newest first. */
export const givenCopies = defineListLoader<string, GivenCopy>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<(Omit<GivenCopy, 'at'> & { readonly at: string })[]>(
    `select a.id, a.connection_id as "channelId", a.purpose, a.subject_id as "subjectId", a.fields, a.result, a.reason, a.at from unnest(array[${list(ids)}]::text[]) as c (id) cross join lateral (
       select * from copy_audit where tenant_id = ? and connection_id = c.id order by id desc limit 50) a order by a.id desc`, [...ids, ctx.viewer.tenantId]));
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}, (copy) => copy.channelId);
