import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { id, quantity } from '../fields.js';

export const goodsReturned = defineEvent(
  'orders.goods-returned.v1',
  { summary: 'Goods of an order have come back and were looked at: good ones go to stock again, others are scrapped.', subject: (data) => data.afterSaleId },
  z.object({ orderId: id, connectionId: id, afterSaleId: id, lines: z.array(z.object({ skuId: id, quantity, fate: z.enum(['RESTOCK', 'SCRAP']) })).min(1) }),
);
