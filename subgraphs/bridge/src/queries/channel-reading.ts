import { defineListLoader, defineLoader } from '@quanyu/subgraph';

export interface ChannelReading {
  readonly channelId: string; readonly readUntil: Date; readonly isReading: boolean; readonly nextAt: Date;
  readonly lastSuccessAt: Date | null; readonly failures: number; readonly lastErrorCode: string | null;
}
export interface ReadingRun {
  readonly id: string; readonly channelId: string; readonly state: 'RUNNING' | 'DONE' | 'FAILED' | 'ABANDONED'; readonly pages: number; readonly orders: number;
  readonly newOrders: number; readonly errorCode: string | null; readonly startedAt: Date; readonly endedAt: Date | null;
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text));
const list = (ids: readonly string[]): string => ids.map(() => '?').join(', ');

/** How far the orders of channels have been read. */
export const channelReading = defineLoader<string, ChannelReading>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ connection_id: string; cursor_at: string; reading: boolean; next_at: string; last_success_at: string | null; failures: number; last_error: string | null }[]>(
    `select connection_id, cursor_at, coalesce(leased_until > app_now(), false) as reading, next_at, last_success_at, failures, last_error
     from sync_stream where stream = 'ORDERS' and connection_id in (${list(ids)})`, [...ids]));
  return new Map(rows.map((row) => [row.connection_id, {
    channelId: row.connection_id, readUntil: new Date(row.cursor_at), isReading: row.reading, nextAt: new Date(row.next_at), lastSuccessAt: date(row.last_success_at),
    failures: row.failures, lastErrorCode: row.last_error,
  }]));
});

/** The last ten readings of channels, newest first. */
export const lastRuns = defineListLoader<string, ReadingRun>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; connection_id: string; state: ReadingRun['state']; pages: number; items: number; new_items: number; error_code: string | null; started_at: string; ended_at: string | null }[]>(
    `select r.* from unnest(array[${list(ids)}]::text[]) as c (id) cross join lateral (
       select id, connection_id, state, pages, items, new_items, error_code, started_at, ended_at from sync_run
       where tenant_id = ? and connection_id = c.id order by id desc limit 10) r order by r.id desc`, [...ids, ctx.viewer.tenantId]));
  return rows.map((row) => ({
    id: row.id, channelId: row.connection_id, state: row.state, pages: row.pages, orders: row.items, newOrders: row.new_items, errorCode: row.error_code,
    startedAt: new Date(row.started_at), endedAt: date(row.ended_at),
  }));
}, (run) => run.channelId);
