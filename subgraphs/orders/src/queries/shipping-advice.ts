import type { GraphContext } from '@quanyu/subgraph';
import { normalisePhone } from '@quanyu/pii';
import type { CarrierChoice } from '../domain/carrier-choice.js';
import { suggestMerges, suggestSplit, type CarrierSuggestion, type MergeSuggestion, type SuggestedParcel } from '../domain/shipping-advice.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import { adviseCarriers } from './carrier-advice.js';
import { openShipTo } from './ship-to.js';
import { weightOf, weightsOf } from './weights.js';

const READ_ONLY = { disableIdentityMap: true } as const;
const MOST_ORDERS = 500;

/** Where masked, the channel's opaque id of the receiver; else a keyed hash of phone and address. Null where a mask hides who it is. */
export function receiverOf(ctx: GraphContext, order: SalesOrderRow): string | null {
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

/** Which SKUs are sold before they are there, and where the units of orders lie that lie in several places. */
export async function shippingFacts(ctx: GraphContext, lines: readonly OrderLineRow[]): Promise<ShippingFacts> {
  const { tenantId } = ctx.viewer;
  const rows = await ctx.read((em) => em.execute<{ orderId: string | null; skuId: string; locationId: string | null; quantity: number }[]>(
    `select null as "orderId", sku_id as "skuId", null as "locationId", 0 as quantity from pre_sale where tenant_id = ? and ships_from > app_now() and sku_id in (select jsonb_array_elements_text(?::jsonb))
     union all select order_id, sku_id, location_id, quantity from order_place where tenant_id = ? and order_id in (select jsonb_array_elements_text(?::jsonb))`,
    [tenantId, JSON.stringify([...new Set(lines.flatMap(({ skuId }) => skuId ?? []))]), tenantId, JSON.stringify([...new Set(lines.map(({ orderId }) => orderId))])]));
  return { preSale: new Set(rows.filter(({ orderId }) => orderId === null).map(({ skuId }) => skuId)), places: Map.groupBy(rows.filter((row): row is typeof row & Place => row.orderId !== null), ({ orderId }) => orderId) };
}
interface Place { readonly orderId: string; readonly skuId: string; readonly locationId: string; readonly quantity: number }
export interface ShippingFacts { readonly preSale: ReadonlySet<string>; readonly places: ReadonlyMap<string, readonly Place[]> }

/** Parcels for what is left of an order: apart by where it lies, by whether it is there, and by weight. */
export function parcelsFor(lines: readonly OrderLineRow[], weights: ReadonlyMap<string, number>, { preSale, places }: ShippingFacts): SuggestedParcel[] {
  return suggestSplit(lines.filter((line) => line.quantity > line.shippedQuantity).flatMap((line) => {
    const whole = { lineId: line.id, weightGrams: weightOf(line, weights), preSale: preSale.has(line.skuId ?? '') };
    let left = line.quantity - line.shippedQuantity;
    const parts = (places.get(line.orderId) ?? []).filter(({ skuId }) => skuId === line.skuId).flatMap(({ locationId, quantity }) => {
      const some = Math.min(left, quantity);
      left -= some;
      return some > 0 ? [{ ...whole, quantity: some, locationId }] : [];
    });
    return left > 0 ? [...parts, { ...whole, quantity: left, locationId: parts[0]?.locationId ?? null }] : parts;
  }));
}

/** By whom, and in how many parcels, an order should go. */
export async function shippingAdvice(ctx: GraphContext, order: SalesOrderRow): Promise<ShippingAdvice> {
  const { lines, weights, choice } = (await adviseCarriers(ctx, [order])).get(order.id)!;
  return {
    // Those that the rule allows, the chosen one first.
    carrier: { rule: choice.rule, reason: choice.reason, carriers: [choice.carrier, ...choice.candidates.map(({ carrier }) => carrier).filter((carrier) => carrier !== choice.carrier)] },
    choice,
    parcels: parcelsFor(lines, weights, await shippingFacts(ctx, lines)),
  };
}
