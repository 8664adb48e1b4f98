import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { CHANNELS } from '../../channels/channels.js';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from '../connections/lock-channel.js';

/**
 * Has a shop read as a whole: what has begun goes on at once, what has ended begins anew where that is wanted. Nothing that
 * is here is lost or doubled by it, since each thing is told once for each of its states.
 */
export function syncChannel(ctx: GraphContext, { channelId, again }: { readonly channelId: string; readonly again: boolean }): Promise<{ readonly kind: 'planned' } | Refusal<BridgeErrorCode>> {
  return ctx.write('sync-channel', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const { connector } = CHANNELS[channel.platform];
    const planned = await em.execute<unknown[]>(
      `update first_sync set next_at = app_now()${again ? ", step = 'PRODUCTS', steps = '{}', failures = 0, started_at = app_now(), ended_at = null, lease = null, leased_until = null" : ''} where connection_id = ? returning 1`, [channelId]);
    if (planned.length === 0 || connector === null) return refuse('ACCOUNT_MISSING', 'channelId');
    if (!again) return { kind: 'planned' };
    // Whoever reads now loses what they hold: their pages belong to another reading.
    await em.execute(
      `update sync_stream set full_at = null, window_to = null, page = null, lease = null, leased_until = null, failures = 0, last_success_at = null, next_at = app_now() + case when stream = 'GOODS' then interval '0' else interval '1 hour' end,
         cursor_at = case when stream = 'ORDERS' then least(cursor_at, app_now() - make_interval(days => ?)) else cursor_at end
       where connection_id = ? and stream in ('GOODS', 'CUSTOMERS', 'ORDERS')`, [connector.pull?.firstDays ?? 0, channelId]);
    return { kind: 'planned' };
  });
}
