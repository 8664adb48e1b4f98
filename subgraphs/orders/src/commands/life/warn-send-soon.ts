import type { SubgraphDeps } from '@quanyu/subgraph';
import { system } from '../../domain/actor.js';
import { sendBy } from '../../domain/send-by.js';
import { OrderException } from '../../entities/order-exception.entity.js';
import { advanceOrder } from './advance-order.js';
import type { OrderRef } from './complete-order.js';
import { raiseException } from './exceptions.js';
import { lockOrder } from './load-order.js';

/** An order of a member with a year card is to be sent soon and is not yet: a person is told, once. */
export const warnSendSoon = ({ database }: Pick<SubgraphDeps, 'database'>, { tenantId, orderId }: OrderRef): Promise<void> => database.write(tenantId, 'warn-send-soon', async (em) => {
  const order = await lockOrder(em, orderId);
  if (order?.status !== 'TO_SHIP' || !order.confirmedAt || (await em.count(OrderException, { orderId: order.id, code: 'SEND_SOON' })) > 0) return;
  const change = { at: new Date(), by: system('orders.warn-send-soon') };
  await raiseException(em, order, 'SEND_SOON', [sendBy(order.confirmedAt).toISOString()], change);
  await advanceOrder(em, order, change);
});
