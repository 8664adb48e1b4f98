import { stockReserved } from '@quanyu/events';
import { onTogether } from '@quanyu/outbox';
import { lockOrders } from '../commands/life/load-order.js';
import { settleStock } from '../commands/intake/settle-stock.js';

export const onStockReserved = onTogether(stockReserved, async ({ em, because }, events) => {
  const orders = await lockOrders(em, events.map(({ data }) => data.orderId));
  for (const event of events) await because(event, () => settleStock(em, orders.get(event.data.orderId), { kind: 'held', units: event.data.lines }));
});
