import { channelGapClosed, channelGapFound } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { endCause, raiseAlert } from '../commands/messages/alerts.js';
import { gapCause } from '../domain/gap-cause.js';

export const onChannelGapFound = on(channelGapFound, ({ em, tenantId }, { data }) => raiseAlert(em, { tenantId, ...gapCause(data), params: { open: data.open, missing: data.missing, repair: data.autoRepair ? 'on' : 'off' } }));
export const onChannelGapClosed = on(channelGapClosed, ({ em, tenantId }, { data }) => endCause(em, { tenantId, ...gapCause(data), params: {} }));
