import type { GraphContext } from '@quanyu/subgraph';
import { suggestMerges } from '../domain/shipping-advice.js';
import { OrderLine } from '../entities/order-line.entity.js';
import { SalesOrder } from '../entities/sales-order.entity.js';
import { parcelsFor, receiverOf, shippingFacts } from './shipping-advice.js';
import { weightOf, weightsOf } from './weights.js';

const READ_ONLY = { disableIdentityMap: true } as const;
const MOST_ORDERS = 5_000;

export interface ShippingSimulation {
  readonly orders: number;
  /** Orders that would have gone together with others, and the parcels saved by it. */
  readonly mergedOrders: number;
  readonly parcelsSaved: number;
  /** Orders that would have gone in several parcels, by each reason. */
  readonly splits: readonly { readonly reason: string; readonly orders: number; readonly parcels: number }[];
}

/** What the rules for merging and splitting would have made of the newest 5,000 orders of a range of days, as if none of them were sent. Changes nothing. */
export async function simulateShipping(ctx: GraphContext, { from, before }: { readonly from: Date; readonly before: Date }): Promise<ShippingSimulation> {
  const { tenantId, channels } = ctx.viewer;
  const { orders, lines } = await ctx.read(async (em) => {
    const found = await em.find(SalesOrder, { tenantId, placedAt: { $gte: from, $lt: before }, status: { $ne: 'CANCELLED' }, ...(channels !== 'all' && { connectionId: { $in: [...channels] } }) }, { ...READ_ONLY, orderBy: { placedAt: 'desc' }, limit: MOST_ORDERS });
    return { orders: found, lines: await em.find(OrderLine, { tenantId, orderId: { $in: found.map(({ id }) => id) } }, { ...READ_ONLY, orderBy: { id: 'asc' } }) };
  });
  const weights = await weightsOf(ctx, lines, orders[0]?.currency ?? 'CNY');
  const facts = await shippingFacts(ctx, lines);
  const ofOrder = Map.groupBy(lines.map((line) => ({ ...line, shippedQuantity: 0 })), ({ orderId }) => orderId);
  const weigh = (orderId: string): number | null => {
    const each = (ofOrder.get(orderId as never) ?? []).map((line) => ({ grams: weightOf(line, weights), quantity: line.quantity }));
    return each.some(({ grams }) => grams === null) ? null : each.reduce((sum, { grams, quantity }) => sum + grams! * quantity, 0);
  };
  const merges = suggestMerges(orders.map((order) => ({ orderId: order.id, channelId: order.connectionId, receiver: receiverOf(ctx, order), placedAt: order.placedAt, weightGrams: weigh(order.id) })));
  const splits = new Map<string, { orders: number; parcels: number }>();
  for (const order of orders) {
    const parcels = parcelsFor(ofOrder.get(order.id) ?? [], weights, facts);
    if (parcels.length < 2) continue;
    for (const reason of new Set(parcels.flatMap(({ reasons }) => reasons))) {
      const sum = splits.get(reason) ?? { orders: 0, parcels: 0 };
      splits.set(reason, { orders: sum.orders + 1, parcels: sum.parcels + parcels.length });
    }
  }
  return {
    orders: orders.length, mergedOrders: merges.reduce((sum, { orderIds }) => sum + orderIds.length, 0), parcelsSaved: merges.reduce((sum, { parcelsSaved }) => sum + parcelsSaved, 0),
    splits: [...splits].map(([reason, sum]) => ({ reason, ...sum })).toSorted((a, b) => (a.reason < b.reason ? -1 : 1)),
  };
}
