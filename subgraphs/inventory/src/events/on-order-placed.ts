import { orderPlaced } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { reserveStock } from '../commands/reserve-stock.js';

export const onOrderPlaced = on(orderPlaced, async ({ em, tenantId }, { data }) => {
  await reserveStock(em, { tenantId, orderId: data.orderId, lines: data.lines });
});
