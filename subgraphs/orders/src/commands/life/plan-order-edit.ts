import type { EntityManager } from '@mikro-orm/postgresql';
import { offerSkus } from '@quanyu/calls';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actionRefusal } from '../../domain/order-actions.js';
import { emptiesOwnHold, fromHolds, ownUnits, planEdit, planUnpaidEdit, type Addition, type LineChange, type PlannedEdit } from '../../domain/order-edit.js';
import type { Offer, ShippingRule } from '../../domain/quote.js';
import { OrderHold, type OrderHoldRow } from '../../entities/order-edit.entity.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { actionable } from './load-order.js';
import { termsOf } from '../selling/quote-order.js';

export interface OrderEditAsk {
  readonly orderId: string;
  /** Of the order that the person has seen. */
  readonly expectedVersion: number;
  readonly lines: readonly LineChange[];
  readonly add: readonly Addition[];
}
/** What outside of the order an edit of it is judged by. */
export interface EditTerms { readonly offers: readonly Offer[]; /** Of an unpaid order, which is quoted anew. */ readonly rule: ShippingRule | null }
export interface Planned { readonly kind: 'planned'; readonly order: SalesOrderRow; readonly plan: PlannedEdit; readonly terms: EditTerms }

/** What an edit would make of an order: nothing is changed or held by it. */
export async function planOrderEdit(ctx: GraphContext, ask: OrderEditAsk): Promise<Planned | Refusal<OrdersErrorCode>> {
  const seen = await ctx.read(async (em) => {
    const order = await em.findOne(SalesOrder, { id: ask.orderId as never }, { disableIdentityMap: true });
    return order && { order, lines: await linesOf(em, order, true), holds: await holdsOf(em, order, true) };
  });
  if (seen === null || !ctx.viewer.seesChannel(seen.order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
  const refusal = editRefusal(seen.order, ask);
  if (refusal !== null) return refusal;
  const { tenantId, currency, connectionId, paidAt } = seen.order;
  const rule = paidAt ? null : await termsOf(ctx.deps.database, tenantId, connectionId);
  if (!paidAt && rule === null) return refuse('CHANNEL_NOT_FOUND', 'orderId');
  const skuIds = [...new Set([...seen.lines.map(({ skuId }) => skuId!), ...ask.add.map(({ skuId }) => skuId)])].slice(0, MOST_OFFERS);
  const offers = skuIds.length === 0 ? [] : (await ctx.deps.calls.invoke(offerSkus, { tenantId, connectionId, currency, skuIds })).skus;
  const plan = judge(seen.order, seen, ask, { offers, rule });
  return plan.kind === 'refused' ? plan : { kind: 'planned', order: seen.order, plan, terms: { offers, rule } };
}
const MOST_OFFERS = 500;

export const linesOf = (em: EntityManager, order: SalesOrderRow, apart = false): Promise<OrderLineRow[]> => em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' }, disableIdentityMap: apart });

/** What edits hold of it; an order without edits has none. */
export const holdsOf = (em: EntityManager, order: SalesOrderRow, apart = false): Promise<OrderHoldRow[]> => (order.editCount === 0 ? Promise.resolve([]) : em.find(OrderHold, { orderId: order.id }, { disableIdentityMap: apart }));

/** Why it cannot be edited at all; null when it can. */
export function editRefusal(order: SalesOrderRow, { expectedVersion }: OrderEditAsk): Refusal<OrdersErrorCode> | null {
  const refusal = actionRefusal(actionable(order), 'EDIT');
  if (refusal !== null) return refuse(refusal, 'orderId');
  return order.version === expectedVersion ? null : refuse('VERSION_CONFLICT', 'expectedVersion');
}

/** The same rules before and under the lock. */
export function judge(order: SalesOrderRow, { lines, holds }: { readonly lines: readonly OrderLineRow[]; readonly holds: readonly OrderHoldRow[] }, { lines: changes, add }: OrderEditAsk, { offers, rule }: EditTerms): PlannedEdit | Refusal<OrdersErrorCode> {
  const known = lines.map((line) => ({ ...line, skuId: line.skuId! }));
  const plan = rule === null ? planEdit(order, known, changes, add, offers) : planUnpaidEdit(order, known, changes, add, offers, rule);
  if (plan.kind === 'refused') return refuse(plan.code, ...plan.field);
  const own = ownUnits(lines, holds);
  return rule !== null && emptiesOwnHold(order.id, own, fromHolds(order.id, own, holds, plan.fewer, false)) ? refuse('KEEP_ONE_PLACED', 'lines') : plan;
}
