import { defineListLoader } from '@quanyu/subgraph';
import type { BillTotal } from '../domain/bill-totals.js';

export interface BillView { readonly id: string; readonly channelId: string; readonly day: string; readonly rowCount: number; readonly fileBytes: number; readonly totals: readonly BillTotal[]; readonly fetchedAt: Date }

/** The last 62 bills of channels, newest first. */
export const billsOf = defineListLoader<string, BillView>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.execute<{ id: string; connection_id: string; day: string; row_count: number; file_bytes: number; totals: BillTotal[]; fetched_at: string }[]>(
    `select b.* from unnest(array[${ids.map(() => '?').join(', ')}]::text[]) as c (id) cross join lateral (
       select id, connection_id, to_char(day, 'YYYY-MM-DD') as day, row_count, file_bytes, totals, fetched_at from bill where tenant_id = ? and connection_id = c.id order by bill.day desc limit 62) b order by b.day desc`, [...ids, ctx.viewer.tenantId]));
  return rows.map((row) => ({ id: row.id, channelId: row.connection_id, day: row.day, rowCount: row.row_count, fileBytes: row.file_bytes, totals: row.totals, fetchedAt: new Date(row.fetched_at) }));
}, (bill) => bill.channelId);
