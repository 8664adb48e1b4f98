import type { SubgraphDeps } from '@quanyu/subgraph';
import { OrderException } from '../../entities/order-exception.entity.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import { wantStock } from '../life/advance-order.js';
import type { OrderRef } from '../life/complete-order.js';
import { WAIT_MINUTES } from '../life/exceptions.js';
import { lockOrder } from '../life/load-order.js';

/** Asks for stock again for an order that waits for it. Still short, it waits on; held, its exception is resolved as any is. */
export const retryShortOrder = ({ database }: Pick<SubgraphDeps, 'database'>, { tenantId, orderId }: OrderRef): Promise<void> => database.write(tenantId, 'retry-short-order', async (em) => {
  const order = await lockOrder(em, orderId);
  const waiting = order && await em.findOne(OrderException, { orderId: order.id, state: 'WAITING' });
  if (order === null || waiting === null || waiting.nextTryAt!.getTime() > Date.now()) return;
  waiting.nextTryAt = new Date(Date.now() + WAIT_MINUTES * 60_000);
  if (order.stockState !== 'SHORT' || order.status === 'CANCELLED') return;
  order.version += 1;
  wantStock(em, order, await em.find(OrderLine, { orderId: order.id }));
});
