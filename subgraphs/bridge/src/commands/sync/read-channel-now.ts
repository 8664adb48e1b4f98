import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from '../connections/lock-channel.js';

/** Has a channel read at the next plan, seconds away; from an instant in the past anew, where one is given. */
export function readChannelNow(ctx: GraphContext, { channelId, from }: { readonly channelId: string; readonly from: Date | null }): Promise<{ readonly kind: 'planned' } | Refusal<BridgeErrorCode>> {
  return ctx.write('read-channel-now', async (em) => {
    if (await lockChannel(em, ctx.viewer, channelId) === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    // Whoever reads now loses the stream when it is to begin anew: the pages it holds belong to another window.
    const planned = await em.execute<unknown[]>(
      `update sync_stream set next_at = app_now(), cursor_at = least(cursor_at, coalesce(?, cursor_at)),
         window_to = case when ?::timestamptz is null then window_to end, page = case when ?::timestamptz is null then page end,
         lease = case when ?::timestamptz is null then lease end, leased_until = case when ?::timestamptz is null then leased_until end
       where connection_id = ? and stream = 'ORDERS' returning 1`, [from, from, from, from, from, channelId]);
    return planned.length === 0 ? refuse('ACCOUNT_MISSING', 'channelId') : { kind: 'planned' };
  });
}
