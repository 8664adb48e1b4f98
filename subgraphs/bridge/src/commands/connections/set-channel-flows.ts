import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { Capability, Connector } from '../../channels/connector.js';
import { CHANNELS } from '../../channels/channels.js';
import { CHANNEL_FLOWS, type ChannelFlow } from '../../domain/channel-flows.js';
import type { BridgeErrorCode } from '../../errors.js';
import { lockChannel } from './lock-channel.js';

/** What a platform must be able to do for a flow. */
const NEEDS: Readonly<Record<ChannelFlow, Capability | null>> = { PULL_ORDERS: null, PULL_FULFILMENT: null, PUSH_STOCK: null, PUSH_PRODUCTS: 'pushProduct', PUSH_ORDERS: 'pushOrder' };

/** Says what flows to and from a channel from now on, each by itself. Products that begin to flow are all planned, orders are given from the next one on. */
export function setChannelFlows(ctx: GraphContext, channelId: string, flows: readonly ChannelFlow[]): Promise<{ readonly kind: 'set' } | Refusal<BridgeErrorCode>> {
  return ctx.write('set-channel-flows', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    const connector: Connector | null = CHANNELS[channel.platform].connector;
    for (const [at, flow] of flows.entries()) {
      const needed = NEEDS[flow];
      // Who packs or counts says by its own settings whose orders it takes.
      if (needed !== null && (flow === 'PUSH_ORDERS' && connector?.takesOrders !== undefined || connector?.capabilities.includes(needed) !== true || connector.shares?.[flow === 'PUSH_PRODUCTS' ? 'PRODUCT' : 'ORDER'] === undefined)) return refuse('FLOW_NOT_POSSIBLE', 'flows', String(at));
    }
    const before = channel.flows;
    channel.flows = CHANNEL_FLOWS.filter((flow) => flows.includes(flow));
    const begins = (flow: ChannelFlow): boolean => channel.flows.includes(flow) && !before.includes(flow);
    if (begins('PUSH_PRODUCTS') || begins('PUSH_ORDERS')) {
      await em.execute('insert into copy_lane (connection_id, tenant_id) values (?, ?) on conflict do nothing', [channelId, ctx.viewer.tenantId]);
      await em.execute('update copy_lane set next_at = app_now(), planned_after = coalesce(?, planned_after) where connection_id = ?', [begins('PUSH_PRODUCTS') ? '' : null, channelId]);
    }
    if (begins('PUSH_STOCK')) await em.execute('update stock_lane set next_at = app_now() where connection_id = ?', [channelId]);
    if (begins('PULL_ORDERS')) await em.execute("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'ORDERS'", [channelId]);
    return { kind: 'set' };
  });
}
