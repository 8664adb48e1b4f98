import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../errors.js';
import { resolveAlertsOf } from './alerts.js';
import { lockChannel } from './lock-channel.js';

/** Disables a channel, whose webhooks are refused from then on, or enables it again. */
export function switchChannel(ctx: GraphContext, channelId: string, status: 'ACTIVE' | 'DISABLED'): Promise<{ readonly kind: 'switched' } | Refusal<BridgeErrorCode>> {
  return ctx.write('switch-channel', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    channel.status = status;
    if (status === 'ACTIVE') await resolveAlertsOf(em, ctx.viewer.tenantId, { code: 'CHANNEL_UNINSTALLED', subjectId: channelId });
    return { kind: 'switched' };
  });
}
