import { skuCreated } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { learnSku } from '../commands/publishing/set-stock-category.js';

export const onSkuCreated = on(skuCreated, ({ em, tenantId }, { data }) => learnSku(em, tenantId, data));
