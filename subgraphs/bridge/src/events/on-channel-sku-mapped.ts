import { channelSkuMapped } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnSkuName } from '../commands/sync/learn-sku-name.js';

export const onChannelSkuMapped = on(channelSkuMapped, ({ em, tenantId }, { data }) => learnSkuName(em, tenantId, { connectionId: data.connectionId, name: data.externalSku, skuId: data.skuId }));
