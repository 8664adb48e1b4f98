import { channelSwitched } from '@quanyu/events';
import { record } from '@quanyu/outbox';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { BridgeErrorCode } from '../../errors.js';
import { resolveAlertsOf } from '../messages/alerts.js';
import { lockChannel } from './lock-channel.js';

/** Disables a channel, whose webhooks are refused from then on, or enables it again. */
export function switchChannel(ctx: GraphContext, channelId: string, status: 'ACTIVE' | 'DISABLED'): Promise<{ readonly kind: 'switched' } | Refusal<BridgeErrorCode>> {
  return ctx.write('switch-channel', async (em) => {
    const channel = await lockChannel(em, ctx.viewer, channelId);
    if (channel === null) return refuse('CHANNEL_NOT_FOUND', 'channelId');
    if (channel.status !== status) record(em, channelSwitched({ tenantId: ctx.viewer.tenantId, sequence: Date.now(), data: { connectionId: channelId, status } }));
    channel.status = status;
    // Who comes back begins anew, with new keys.
    if (status === 'ACTIVE') await em.execute('update channel_connection set left_at = null, cleaned_at = null where id = ? and left_at is not null', [channelId]);
    if (status === 'ACTIVE') await resolveAlertsOf(em, ctx.viewer.tenantId, { code: 'CHANNEL_UNINSTALLED', subjectId: channelId });
    return { kind: 'switched' };
  });
}
