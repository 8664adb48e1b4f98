import { orderCancelled } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { releaseStock } from '../commands/release-stock.js';

export const onOrderCancelled = on(orderCancelled, ({ em, tenantId }, { data }) => releaseStock(em, { tenantId, orderId: data.orderId }));
