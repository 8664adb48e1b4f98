import { LockMode } from '@mikro-orm/core';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder, askForStock } from '../life/advance-order.js';
import { note } from '../life/timeline.js';

/** Asks inventory again for an order that was short. The answer comes as an event. */
export function retryReservation(ctx: GraphContext, input: { readonly orderId: string; readonly idempotencyKey: string }): Promise<{ readonly kind: 'asked'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  const { tenantId } = ctx.viewer;
  return ctx.write('retry-reservation', (em) => once(em, tenantId, { mutation: 'retryReservation', key: input.idempotencyKey, input }, async () => {
    const order = await em.findOne(SalesOrder, { id: input.orderId as never }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
    if (order.stockState !== 'SHORT' || order.status === 'CANCELLED') return refuse('NOT_SHORT', 'orderId');
    const change = { at: new Date(), by: actorOf(ctx.viewer) };
    note(em, order, change, 'STOCK_ASKED');
    await askForStock(em, order, await em.find(OrderLine, { orderId: order.id }), [], change);
    await advanceOrder(em, order, change);
    return { kind: 'asked', orderId: order.id };
  }));
}
