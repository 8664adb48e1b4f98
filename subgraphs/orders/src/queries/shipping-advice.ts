import type { GraphContext } from '@quanyu/subgraph';
import { normalisePhone } from '@quanyu/pii';
import type { CarrierChoice } from '../domain/carrier-choice.js';
import { suggestMerges, suggestSplit, type CarrierSuggestion, type MergeSuggestion, type SuggestedParcel } from '../domain/shipping-advice.js';
import { OrderLine } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import { adviseCarriers } from './carrier-advice.js';
import { openShipTo } from './ship-to.js';
import { weightOf, weightsOf } from './weights.js';

const READ_ONLY = { disableIdentityMap: true } as const;
const MOST_ORDERS = 500;

/** Where masked, the channel's opaque id of the receiver; else a keyed hash of phone and address. Null where a mask hides who it is. */
function receiverOf(ctx: GraphContext, order: SalesOrderRow): string | null {
  const told = openShipTo(ctx.deps.vault, order);
  if (told === null) return null;
  if (told.oaid) return `oaid:${told.oaid}`;
  const phone = told.phone ? normalisePhone(told.phone, told.countryCode ?? 'CN') : null;
  const address = [told.province, told.city, told.address1, told.address2].map((part) => (part ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, '')).join('|');
  if (phone === null || address.includes('*')) return null;
  return `hash:${ctx.deps.vault.index('address', `${phone}|${address}`, order.tenantId)}`;
}

export type MergeFound = MergeSuggestion & { readonly channelId: string };

/** Orders to ship that could go together, of the newest 500 in the channels that the viewer may see. */
export async function mergeSuggestions(ctx: GraphContext, channelIds?: readonly string[]): Promise<MergeFound[]> {
  const { tenantId, channels } = ctx.viewer;
  const seen = channels === 'all' ? channelIds : (channelIds ?? channels).filter((id) => channels.includes(id));
  const { orders, lines } = await ctx.read(async (em) => {
    const found = await em.find(SalesOrder, { tenantId, status: 'TO_SHIP', shipped: 'NONE', onHold: false, ...(seen && { connectionId: { $in: [...seen] } }) }, { ...READ_ONLY, orderBy: { id: 'desc' }, limit: MOST_ORDERS });
    return { orders: found, lines: await em.find(OrderLine, { tenantId, orderId: { $in: found.map(({ id }) => id) } }, READ_ONLY) };
  });
  const weights = await weightsOf(ctx, lines, orders[0]?.currency ?? 'CNY');
  const byId = new Map(orders.map((order) => [order.id as string, order]));
  const weigh = (orderId: string): number | null => {
    const each = lines.filter((line) => line.orderId === orderId).map((line) => ({ grams: weightOf(line, weights), quantity: line.quantity }));
    return each.some(({ grams }) => grams === null) ? null : each.reduce((sum, { grams, quantity }) => sum + grams! * quantity, 0);
  };
  return suggestMerges(orders.map((order) => ({ orderId: order.id, channelId: order.connectionId, receiver: receiverOf(ctx, order), placedAt: order.placedAt, weightGrams: weigh(order.id) })))
    .map((suggestion) => ({ ...suggestion, channelId: byId.get(suggestion.orderIds[0]!)!.connectionId }));
}

export interface ShippingAdvice { readonly carrier: CarrierSuggestion; readonly choice: CarrierChoice; readonly parcels: readonly SuggestedParcel[] }

/** By whom, and in how many parcels, an order should go. */
export async function shippingAdvice(ctx: GraphContext, order: SalesOrderRow): Promise<ShippingAdvice> {
  const { lines, weights, choice } = (await adviseCarriers(ctx, [order])).get(order.id)!;
  return {
    // Those that the rule allows, the chosen one first.
    carrier: { rule: choice.rule, reason: choice.reason, carriers: [choice.carrier, ...choice.candidates.map(({ carrier }) => carrier).filter((carrier) => carrier !== choice.carrier)] },
    choice,
    // Where goods lie, and which are sold before they are there, other rooms do not tell yet: only weight is judged.
    parcels: suggestSplit(lines.filter((line) => line.quantity > line.shippedQuantity).map((line) => ({ lineId: line.id, quantity: line.quantity - line.shippedQuantity, weightGrams: weightOf(line, weights), preSale: false, locationId: null }))),
  };
}
