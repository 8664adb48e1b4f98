import { goodsReturned } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takeReturned } from '../commands/levels/take-returned.js';

export const onGoodsReturned = on(goodsReturned, ({ em, tenantId }, { data }) => takeReturned(em, { tenantId, ...data }));
