import type { GraphContext } from '@quanyu/subgraph';
import type { GapSeverity } from '../domain/reconcile.js';

export interface ChannelCheckRow {
  readonly connectionId: string; readonly autoRepair: boolean; readonly checkedAt: Date | null; readonly openCount: number; readonly missingCount: number; readonly severity: GapSeverity; readonly missing: string[]; readonly failureCode: string | null;
}

/** How the shops that the viewer may see were last compared with ours; few by nature. */
export async function channelChecks(ctx: GraphContext): Promise<ChannelCheckRow[]> {
  const { channels, tenantId } = ctx.viewer;
  if (channels !== 'all' && channels.length === 0) return [];
  const rows = await ctx.read((em) => em.execute<(Omit<ChannelCheckRow, 'checkedAt'> & { checkedAt: string | null })[]>(
    `select connection_id as "connectionId", auto_repair as "autoRepair", checked_at as "checkedAt", open_count as "openCount", missing_count as "missingCount", severity, missing, failure_code as "failureCode"
     from channel_check where tenant_id = ? ${channels === 'all' ? '' : `and connection_id in (${channels.map(() => '?').join(', ')})`} order by connection_id limit 1000`, [tenantId, ...(channels === 'all' ? [] : channels)]));
  return rows.map((row) => ({ ...row, checkedAt: row.checkedAt === null ? null : new Date(row.checkedAt) }));
}
