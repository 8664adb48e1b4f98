import type { GraphContext } from '@quanyu/subgraph';
import { chooseCarrier, costOf, provinceKey, rateOf, type CarrierChoice, type DeliveryRecord, type Rate } from '../domain/carrier-choice.js';
import { suggestCarrier } from '../domain/shipping-advice.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import { openShipTo } from './ship-to.js';
import { weightOf, weightsOf } from './weights.js';

const READ_ONLY = { disableIdentityMap: true } as const;
/** What a parcel is taken to weigh while nobody has weighed its goods. */
const UNWEIGHED_GRAMS = 1_000;
/** Older records tell of another season. */
const RECORD_DAYS = 92;

export interface Advised {
  readonly choice: CarrierChoice;
  readonly province: string;
  /** Of what is left to send; null where a SKU is not weighed. */
  readonly grams: number | null;
  readonly lines: readonly OrderLineRow[];
  readonly weights: ReadonlyMap<string, number>;
  /** In minor units, by any carrier; null where we have no rate of it. */
  costBy(carrier: string): number | null;
}

/** The carrier for each of these orders: by rule, then by cost, time and what its parcels have taken. @param what is weighed: what is left to send, or all of it */
export async function adviseCarriers(ctx: GraphContext, orders: readonly SalesOrderRow[], what: 'LEFT' | 'ALL' = 'LEFT'): Promise<ReadonlyMap<string, Advised>> {
  const { tenantId } = ctx.viewer;
  const { lines, rates, records } = await ctx.read(async (em) => ({
    lines: await em.find(OrderLine, { tenantId, orderId: { $in: orders.map(({ id }) => id) } }, { ...READ_ONLY, orderBy: { id: 'asc' } }),
    rates: await em.execute<Rate[]>(`select carrier, province, currency, first_grams as "firstGrams", first_minor::float8 as "firstMinor", more_grams as "moreGrams", more_minor::float8 as "moreMinor", promised_hours as "promisedHours" from carrier_rate where tenant_id = ?`, [tenantId]),
    records: await em.execute<DeliveryRecord[]>(`select carrier, province, sum(parcels)::int as parcels, sum(seconds)::float8 as seconds from delivery_record where tenant_id = ? and month >= (app_now() - interval '${RECORD_DAYS} days')::date group by carrier, province`, [tenantId]),
  }));
  const byOrder = Map.groupBy(lines, ({ orderId }) => orderId as string);
  const weights = await weightsOf(ctx, lines, orders[0]?.currency ?? 'CNY');
  return new Map(orders.map((order) => {
    const own = byOrder.get(order.id) ?? [];
    const told = openShipTo(ctx.deps.vault, order);
    const pieces = own.flatMap((line) => weightOf(line, weights) ?? []);
    const grams = own.some((line) => weightOf(line, weights) === null) ? null : own.reduce((sum, line) => sum + weightOf(line, weights)! * (line.quantity - (what === 'LEFT' ? line.shippedQuantity : 0)), 0);
    const rule = suggestCarrier({ province: told?.province ?? null, countryCode: told?.countryCode ?? null, heaviestPieceGrams: pieces.length === 0 ? null : Math.max(...pieces) });
    const province = provinceKey(told?.province ?? null);
    const costBy = (carrier: string): number | null => { const rate = rateOf(carrier, province, rates); return rate === null ? null : costOf(rate, grams ?? UNWEIGHED_GRAMS); };
    return [order.id as string, { costBy, choice: chooseCarrier(rule, { province, grams: grams ?? UNWEIGHED_GRAMS }, rates, records), province, grams, lines: own, weights }];
  }));
}

export interface Simulated { readonly carrier: string; readonly orders: number; readonly costMinor: number; readonly usedOrders: number; readonly usedCostMinor: number }
export interface Simulation { readonly orders: number; readonly changed: number; readonly unpriced: number; readonly currency: string | null; readonly carriers: readonly Simulated[] }

const MOST_SIMULATED = 2_000;

/** What would be chosen today for orders that were sent, and what it would cost, beside what was used. Of the newest 2000; changes nothing. */
export async function simulateCarriers(ctx: GraphContext, { from, to, channelIds }: { readonly from: Date; readonly to: Date; readonly channelIds?: readonly string[] | undefined }): Promise<Simulation> {
  const { tenantId, channels } = ctx.viewer;
  const seen = channels === 'all' ? channelIds : (channelIds ?? channels).filter((id) => channels.includes(id));
  const { orders, used } = await ctx.read(async (em) => {
    const found = await em.find(SalesOrder, { tenantId, shipped: 'ALL', shippedAt: { $gte: from, $lt: to }, ...(seen && { connectionId: { $in: [...seen] } }) }, { ...READ_ONLY, orderBy: { id: 'desc' }, limit: MOST_SIMULATED });
    return { orders: found, used: await em.execute<{ order_id: string; carrier: string }[]>("select distinct on (order_id) order_id, carrier from parcel where order_id = any(string_to_array(?, ',')) and carrier is not null order by order_id, id", [found.map(({ id }) => id).join(',')]) };
  });
  const advised = await adviseCarriers(ctx, orders, 'ALL');
  const usedBy = new Map(used.map(({ order_id, carrier }) => [order_id, carrier]));
  const rows = new Map<string, { orders: number; costMinor: number; usedOrders: number; usedCostMinor: number }>();
  const rowOf = (carrier: string): { orders: number; costMinor: number; usedOrders: number; usedCostMinor: number } => {
    const row = rows.get(carrier) ?? { orders: 0, costMinor: 0, usedOrders: 0, usedCostMinor: 0 };
    rows.set(carrier, row);
    return row;
  };
  let [changed, unpriced] = [0, 0];
  let currency: string | null = null;
  for (const { id } of orders) {
    const { choice, costBy } = advised.get(id)!;
    const was = usedBy.get(id) ?? null;
    const [cost, wasCost] = [costBy(choice.carrier), was === null ? null : costBy(was)];
    currency ??= choice.candidates.find((one) => one.currency !== null)?.currency ?? null;
    if (cost === null || (was !== null && wasCost === null)) unpriced += 1;
    rowOf(choice.carrier).orders += 1;
    rowOf(choice.carrier).costMinor += cost ?? 0;
    if (was === null) continue;
    rowOf(was).usedOrders += 1;
    rowOf(was).usedCostMinor += wasCost ?? 0;
    if (was !== choice.carrier) changed += 1;
  }
  return { orders: orders.length, changed, unpriced, currency, carriers: [...rows].map(([carrier, row]) => ({ carrier, ...row })).sort((a, b) => b.orders - a.orders || (a.carrier < b.carrier ? -1 : 1)) };
}
