import type { SubgraphDeps } from '@quanyu/subgraph';
import { OrderLine } from '../../entities/order-line.entity.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import type { OrderRef } from '../life/complete-order.js';
import { holdStock } from './place-order.js';

/** Goes on with an order whose placing was cut off before its stock was answered. Repeats safely. */
export async function finishPlacing(deps: Pick<SubgraphDeps, 'database' | 'calls'>, { tenantId, orderId }: OrderRef): Promise<void> {
  const found = await deps.database.read(tenantId, async (em) => {
    const order = await em.findOne(SalesOrder, { id: orderId as never, source: 'OWN', status: 'RESERVING' }, { disableIdentityMap: true });
    return order && { order, lines: await em.find(OrderLine, { orderId: order.id }, { disableIdentityMap: true, orderBy: { id: 'asc' } }) };
  });
  if (found === null) return;
  const { connectionId, memberId, totalMinor } = found.order;
  await holdStock(deps, { tenantId, orderId, connectionId, memberId: memberId ?? null, totalMinor, lines: found.lines.map(({ skuId, quantity }) => ({ skuId: skuId!, quantity })) });
}
