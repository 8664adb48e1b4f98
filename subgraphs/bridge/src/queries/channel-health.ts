import { firstIdAt } from '@quanyu/ids';
import { defineLoader } from '@quanyu/subgraph';
import { budgetLeft, flowFigure, healthOf, IN_TIME_SECONDS, TARGET, type FlowFigure, type HealthStatus } from '../domain/channel-health.js';

export interface ChannelHealth { readonly status: HealthStatus; readonly done: number; readonly failed: number; readonly target: number; readonly budgetLeft: number; readonly lagSeconds: number; readonly waiting: number; readonly failuresInARow: number }

const DAY_MS = 86_400_000;

interface Row { readonly id: string; readonly off: boolean; readonly done: number; readonly failed: number; readonly lag: string; readonly waiting: number; readonly failures: number }

/** What became of a channel's last day: deliveries, readings, parcels and copies, with what waits; in one statement for all that ask. */
export const channelHealth = defineLoader<string, ChannelHealth>(async (ctx, ids) => {
  const yesterday = new Date(Date.now() - DAY_MS);
  const rows = await ctx.read((em) => em.execute<Row[]>(
    `select c.id, k.status <> 'ACTIVE' as off, d.done + r.done + p.done + s.done as done, d.failed + r.failed + p.failed + s.failed as failed,
       greatest(0, coalesce(extract(epoch from app_now() - least(w.oldest, p.oldest, s.oldest)), 0))::text as lag, w.waiting + p.waiting + s.waiting as waiting,
       greatest(coalesce(y.failures, 0), coalesce(t.failures, 0), coalesce(l.failures, 0))::int as failures
     from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as c (id) join channel_connection k on k.id = c.id
     left join sync_stream y on y.connection_id = c.id and y.stream = 'ORDERS' left join stock_lane t on t.connection_id = c.id left join copy_lane l on l.connection_id = c.id
     cross join lateral (select count(*) filter (where state in ('DONE', 'IGNORED'))::int as done, count(*) filter (where state = 'DEAD')::int as failed from delivery where connection_id = c.id and id > ?) d
     cross join lateral (select count(*)::int as waiting, min(received_at) as oldest from delivery where connection_id = c.id and state in ('RECEIVED', 'VERIFIED', 'PROCESSING', 'FAILED')) w
     cross join lateral (select count(*) filter (where state = 'DONE')::int as done, count(*) filter (where state = 'FAILED')::int as failed from sync_run where tenant_id = ? and connection_id = c.id and id > ?) r
     cross join lateral (select count(*) filter (where state in ('WRITTEN', 'ALREADY_THERE') and done_at > ?)::int as done, count(*) filter (where state = 'DEAD')::int as failed,
       count(*) filter (where state = 'DUE')::int as waiting, min(shipped_at) filter (where state = 'DUE') as oldest from parcel_push where connection_id = c.id and (state in ('DUE', 'DEAD') or done_at > ?)) p
     cross join lateral (select count(*) filter (where state = 'DONE' and told_at > ?)::int as done, count(*) filter (where state in ('FAILED', 'REFUSED'))::int as failed,
       count(*) filter (where state = 'DUE')::int as waiting, min(due_at) filter (where state = 'DUE') as oldest from shop_copy where connection_id = c.id) s`,
    [...ids, firstIdAt('dlv', yesterday), ctx.viewer.tenantId, firstIdAt('run', yesterday), yesterday, yesterday, yesterday]));
  return new Map(rows.map(({ id, off, done, failed, lag, waiting, failures }) => {
    const day = { isOff: off, done, failed, lagSeconds: Number(lag), failuresInARow: failures };
    return [id, { status: healthOf(day), done, failed, target: TARGET, budgetLeft: budgetLeft(day), lagSeconds: day.lagSeconds, waiting, failuresInARow: failures }];
  }));
});

/** How the flows of shops did in the last day: what went well at once, of all that was to; in one statement for all that ask. */
export const channelFlowFigures = defineLoader<string, readonly FlowFigure[]>(async (ctx, ids) => {
  const yesterday = new Date(Date.now() - DAY_MS);
  const rows = await ctx.read((em) => em.execute<{ id: string; pushed: number; first: number; parcels: number; soon: number }[]>(
    `select c.id, s.pushed, s.first, p.parcels, p.soon from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as c (id)
     cross join lateral (select count(*)::int as pushed, count(*) filter (where tries = 1 and first_told_at is not null)::int as first from shop_copy
       where connection_id = c.id and purpose = 'ORDER' and first_tried_at > ? and state <> 'REFUSED') s
     cross join lateral (select count(*)::int as parcels, count(*) filter (where read_at <= shipped_at + interval '${IN_TIME_SECONDS} seconds')::int as soon from outside_parcel
       where connection_id = c.id and told and read_at > ?) p`, [...ids, yesterday, yesterday]));
  return new Map(rows.map(({ id, pushed, first, parcels, soon }) => [id, [flowFigure('ORDER_PUSH', { count: pushed, good: first }), flowFigure('FULFILMENT', { count: parcels, good: soon })]]));
});
