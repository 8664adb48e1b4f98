import { channelSkuMapped } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnChannelSku } from '../commands/intake/learn-sku.js';

export const onChannelSkuMapped = on(channelSkuMapped, ({ em, tenantId }, { data, sequence }) => learnChannelSku(em, tenantId, { ...data, sequence }));
