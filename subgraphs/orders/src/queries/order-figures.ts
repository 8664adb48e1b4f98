import type { GraphContext } from '@quanyu/subgraph';
import type { Figures } from '../domain/figures.js';

export interface FigureRow extends Figures { readonly connectionId: string; readonly day: string; readonly currency: string }
export interface FigureRange { readonly from: string; readonly to: string; readonly channelIds?: readonly string[] | undefined }

const MOST_ROWS = 5_000;

/** Figures of days, newest first, of the channels that the viewer may see: one statement, however many orders there are. */
export async function orderFigures(ctx: GraphContext, { from, to, channelIds }: FigureRange): Promise<FigureRow[]> {
  const { channels } = ctx.viewer;
  const seen = channels === 'all' ? channelIds : (channelIds ?? channels).filter((id) => channels.includes(id));
  if (seen?.length === 0) return [];
  const rows = await ctx.read((em) => em.execute<Record<string, string | number>[]>(
    `select connection_id as "connectionId", day::text as day, currency, orders, gmv_minor as "gmvMinor", cancelled, refunded_minor as "refundedMinor", returned, shipped, shipped_on_time as "shippedOnTime"
     from order_figure where tenant_id = ? and day between ?::date and ?::date ${seen === undefined ? '' : `and connection_id in (${seen.map(() => '?').join(', ')})`}
     order by day desc, connection_id, currency limit ${MOST_ROWS}`,
    [ctx.viewer.tenantId, from, to, ...(seen ?? [])]));
  return rows.map((row) => ({ ...row, gmvMinor: Number(row.gmvMinor), refundedMinor: Number(row.refundedMinor) }) as unknown as FigureRow);
}
