import { channelLeft } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { auditLeaving } from '../commands/audit-leaving.js';

export const onChannelLeft = on(channelLeft, ({ em, tenantId }, { data }) => auditLeaving(em, tenantId, data));
