import type { EntityManager } from '@mikro-orm/postgresql';
import { offerSkus } from '@quanyu/calls';
import { refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actionRefusal } from '../domain/order-actions.js';
import { planEdit, type Addition, type LineChange, type PlannedEdit } from '../domain/order-edit.js';
import type { Offer } from '../domain/quote.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../errors.js';
import { actionable } from './load-order.js';

export interface OrderEditAsk {
  readonly orderId: string;
  /** Of the order that the person has seen. */
  readonly expectedVersion: number;
  readonly lines: readonly LineChange[];
  readonly add: readonly Addition[];
}
export interface Planned { readonly kind: 'planned'; readonly order: SalesOrderRow; readonly lines: readonly OrderLineRow[]; readonly plan: PlannedEdit; readonly offers: readonly Offer[] }

/** What an edit would make of an order: nothing is changed or held by it. */
export async function planOrderEdit(ctx: GraphContext, ask: OrderEditAsk): Promise<Planned | Refusal<OrdersErrorCode>> {
  const seen = await ctx.read(async (em) => {
    const order = await em.findOne(SalesOrder, { id: ask.orderId as never }, { disableIdentityMap: true });
    return order && { order, lines: await linesOf(em, order, true) };
  });
  if (seen === null || !ctx.viewer.seesChannel(seen.order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
  const refusal = editRefusal(seen.order, ask);
  if (refusal !== null) return refusal;
  const { tenantId, currency } = seen.order;
  const offers = ask.add.length === 0 ? [] : (await ctx.deps.calls.invoke(offerSkus, { tenantId, currency, skuIds: [...new Set(ask.add.map(({ skuId }) => skuId))].slice(0, MOST_OFFERS) })).skus;
  const plan = judge(seen.order, seen.lines, ask, offers);
  return plan.kind === 'refused' ? plan : { kind: 'planned', ...seen, plan, offers };
}
const MOST_OFFERS = 500;

export const linesOf = (em: EntityManager, order: SalesOrderRow, apart = false): Promise<OrderLineRow[]> => em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' }, disableIdentityMap: apart });

/** Why it cannot be edited at all; null when it can. */
export function editRefusal(order: SalesOrderRow, { expectedVersion }: OrderEditAsk): Refusal<OrdersErrorCode> | null {
  const refusal = actionRefusal(actionable(order), 'EDIT');
  if (refusal !== null) return refuse(refusal, 'orderId');
  return order.version === expectedVersion ? null : refuse('VERSION_CONFLICT', 'expectedVersion');
}

/** The same rules before and under the lock. */
export function judge(order: SalesOrderRow, lines: readonly OrderLineRow[], { lines: changes, add }: OrderEditAsk, offers: readonly Offer[]): PlannedEdit | Refusal<OrdersErrorCode> {
  const plan = planEdit(order, lines.map((line) => ({ ...line, skuId: line.skuId! })), changes, add, offers);
  return plan.kind === 'refused' ? refuse(plan.code, ...plan.field) : plan;
}
