import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from '../connections/lock-channel.js';

/** Has a channel told now what it did not take: figures that wait, copies, orders and parcels that were given up. */
export function retryChannelWrites(ctx: GraphContext, channelId: string): Promise<{ readonly kind: 'retried' } | Refusal<BridgeErrorCode>> {
  return ctx.write('retry-channel-writes', async (em) => {
    if (await lockChannel(em, ctx.viewer, channelId) === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    await em.execute('update stock_lane set next_at = app_now(), failures = 0 where connection_id = ?', [channelId]);
    await em.execute("update stock_push set next_at = app_now() where connection_id = ? and state <> 'DONE'", [channelId]);
    await em.execute('update copy_lane set next_at = app_now(), failures = 0 where connection_id = ?', [channelId]);
    await em.execute("update shop_copy set state = 'DUE', attempts = 0, next_at = app_now(), failure_code = null where connection_id = ? and state in ('DUE', 'FAILED', 'REFUSED')", [channelId]);
    await em.execute("update parcel_push set state = 'DUE', attempts = 0, next_at = app_now(), failure_code = null, done_at = null where connection_id = ? and state in ('DUE', 'DEAD')", [channelId]);
    await em.execute("update outgoing_order set state = case when unwanted then 'RECALL' else 'DUE' end, attempts = 0, next_at = app_now(), failure_code = null where connection_id = ? and state in ('DUE', 'RECALL', 'DEAD')", [channelId]);
    return { kind: 'retried' };
  });
}
