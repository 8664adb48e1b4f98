import { defineLoader } from '@quanyu/subgraph';

export interface ChannelWriting {
  readonly stockWaiting: number; readonly stockFailed: number; readonly parcelsWaiting: number; readonly parcelsFailed: number;
  readonly failures: number; readonly lastErrorCode: string | null; readonly lastSuccessAt: Date | null; readonly nextAt: Date | null;
}

/** What is still to be told to channels, and what they do not take. */
export const channelWriting = defineLoader<string, ChannelWriting>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; waiting: number; failed: number; parcels: number; dead: number; failures: number | null; last_error: string | null; last_success_at: string | null; next_at: string | null }[]>(
    `select c.id, s.waiting, s.failed, p.parcels, p.dead, l.failures, l.last_error, l.last_success_at, l.next_at
     from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as c (id)
     left join stock_lane l on l.connection_id = c.id
     cross join lateral (select count(*) filter (where state = 'DUE')::int as waiting, count(*) filter (where state = 'FAILED')::int as failed from stock_push where connection_id = c.id and state <> 'DONE') s
     cross join lateral (select count(*) filter (where state = 'DUE')::int as parcels, count(*) filter (where state = 'DEAD')::int as dead from parcel_push where connection_id = c.id and state in ('DUE', 'DEAD')) p`, [...ids]));
  return new Map(rows.map((row) => [row.id, {
    stockWaiting: row.waiting, stockFailed: row.failed, parcelsWaiting: row.parcels, parcelsFailed: row.dead, failures: row.failures ?? 0, lastErrorCode: row.last_error,
    lastSuccessAt: row.last_success_at === null ? null : new Date(row.last_success_at), nextAt: row.next_at === null ? null : new Date(row.next_at),
  }]));
});
