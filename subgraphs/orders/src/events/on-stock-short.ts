import { stockShort } from '@quanyu/events';
import { on } from '@quanyu/outbox';
import { settleStock } from '../commands/settle-stock.js';

export const onStockShort = on(stockShort, ({ em }, { data }) => settleStock(em, data.orderId, { kind: 'short', skuIds: data.lines.map((line) => line.skuId) }));
