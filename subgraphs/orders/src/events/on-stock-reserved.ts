import { stockReserved } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { settleStock } from '../commands/settle-stock.js';

export const onStockReserved = on(stockReserved, ({ em }, { data }) => settleStock(em, data.orderId, { kind: 'held' }));
