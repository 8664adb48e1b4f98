import { skuCreated } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnSkuName } from '../commands/learn-sku-name.js';

export const onSkuCreated = on(skuCreated, ({ em, tenantId }, { data }) => learnSkuName(em, tenantId, { connectionId: null, name: data.code, skuId: data.skuId }));
