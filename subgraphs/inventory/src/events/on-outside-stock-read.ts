import { outsideStockRead } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { takeOutsideStock } from '../commands/outside/follow-outside.js';

export const onOutsideStockRead = on(outsideStockRead, ({ em, tenantId }, { id, data }) => takeOutsideStock(em, { tenantId, reference: id, ...data }));
