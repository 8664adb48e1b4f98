import { skuCreated } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnSkuCode } from '../commands/intake/learn-sku.js';

export const onSkuCreated = on(skuCreated, ({ em, tenantId }, { data }) => learnSkuCode(em, tenantId, data));
