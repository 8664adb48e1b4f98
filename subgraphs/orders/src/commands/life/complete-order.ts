import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf, system } from '../../domain/actor.js';
import { moveRefusal } from '../../domain/order-state.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from './advance-order.js';
import { lockOrder } from './load-order.js';
import type { Change } from './timeline.js';

export interface OrderRef { readonly tenantId: string; readonly orderId: string }

/** The time in which a buyer may come back has passed: the order is completed, unless an after-sale is open. Repeats safely. */
export const completeDueOrder = (database: Database, { tenantId, orderId }: OrderRef): Promise<void> => database.write(tenantId, 'complete-order', async (em) => {
  const [due] = await em.execute<unknown[]>(
    "select 1 from sales_order where id = ? and status = 'SHIPPED' and complete_at <= app_now() and after_sale = 'NONE' and channel_after_sale = 'NONE' for update", [orderId]);
  if (due === undefined) return;
  await complete(em, await em.findOneOrFail(SalesOrder, { id: orderId as never }), { at: new Date(), by: system('orders.complete-order') });
});

/** A person takes a shipped order for completed. */
export function completeOrder(ctx: GraphContext, input: { readonly orderId: string; readonly idempotencyKey: string }): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('complete-order', (em) => once(em, ctx.viewer.tenantId, { mutation: 'completeOrder', key: input.idempotencyKey, input }, async () => {
    const order = await lockOrder(em, input.orderId);
    if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
    const refusal = moveRefusal(order.status, 'COMPLETED');
    if (refusal !== null) return refuse(refusal, 'orderId');
    await complete(em, order, { at: new Date(), by: actorOf(ctx.viewer) });
    return { kind: 'done', orderId: order.id };
  }));
}

function complete(em: EntityManager, order: SalesOrderRow, change: Change): Promise<void> {
  order.completedAt = change.at;
  return advanceOrder(em, order, change);
}
