import { channelConnected } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { watchChannel } from '../commands/intake/reconcile-channel.js';

export const onChannelConnected = on(channelConnected, ({ em, tenantId }, { data }) => watchChannel(em, { tenantId, connectionId: data.connectionId }));
