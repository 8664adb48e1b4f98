import { raw, type FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { OrderSearch } from '../domain/order-search.js';
import { OrderException, type OrderExceptionRow } from '../entities/order-exception.entity.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface OrderFilter extends OrderSearch {
  /** Exactly this number. */
  readonly orderNumber?: string;
  readonly source?: 'CHANNEL' | 'OWN';
  readonly memberId?: string;
}

/** Orders of the tenant in the channels that the viewer may see; a member sees those they placed. */
const visible = (ctx: GraphContext): FilterQuery<SalesOrderRow> => ({
  tenantId: ctx.viewer.tenantId,
  ...(ctx.viewer.kind === 'member' ? { memberId: ctx.viewer.subjectId } : ctx.viewer.channels !== 'all' && { connectionId: { $in: [...ctx.viewer.channels] } }),
});

const OPEN_EXCEPTION = "(select e.order_id from order_exception e where e.state = 'OPEN')";
const WITH_SKU = '(select l.order_id from order_line l where l.sku_id = ?)';
/** As ranges of bytes: an index finds them, which it would not do for patterns under row-level security. */
const OF_TEXT = `(
  select n.id from sales_order n where n.tenant_id = ? and n.order_number collate "C" >= ? and n.order_number collate "C" < ?
  union select n.id from sales_order n where n.tenant_id = ? and n.order_number collate "C" >= ? and n.order_number collate "C" < ?
  union select n.id from sales_order n where n.tenant_id = ? and n.external_order_id = ?)`;
const OF_NUMBER = '(select n.id from sales_order n where n.tenant_id = ? and n.order_number collate "C" = ?)';
const LAST_SIGN = '\u{10FFFF}';
const textValues = (tenantId: string, text: string): string[] =>
  [tenantId, text, `${text}${LAST_SIGN}`, tenantId, `#${text}`, `#${text}${LAST_SIGN}`, tenantId, text];

const conditions = (tenantId: string, filter: OrderFilter): object[] => ([
  filter.statuses && { status: { $in: [...filter.statuses] } },
  filter.channelIds && { connectionId: { $in: [...filter.channelIds] } },
  filter.orderNumber !== undefined && { id: { $in: raw(OF_NUMBER, [tenantId, filter.orderNumber]) } },
  filter.source && { source: filter.source },
  filter.memberId && { memberId: filter.memberId },
  filter.onHold !== undefined && { onHold: filter.onHold },
  filter.inAfterSale !== undefined && (filter.inAfterSale ? { $or: [{ afterSale: { $ne: 'NONE' } }, { channelAfterSale: { $ne: 'NONE' } }] } : { afterSale: 'NONE', channelAfterSale: 'NONE' }),
  (filter.placedFrom || filter.placedBefore) && { placedAt: { ...(filter.placedFrom && { $gte: filter.placedFrom }), ...(filter.placedBefore && { $lt: filter.placedBefore }) } },
  filter.text !== undefined && { id: { $in: raw(OF_TEXT, textValues(tenantId, filter.text)) } },
  filter.skuId && { id: { $in: raw(WITH_SKU, [filter.skuId]) } },
  filter.hasException !== undefined && { id: { [filter.hasException ? '$in' : '$nin']: raw(OPEN_EXCEPTION) } },
] as unknown[]).filter((condition): condition is object => typeof condition === 'object');

/** A page of orders, newest first. */
export const orderPage = (ctx: GraphContext, filter: OrderFilter, page: PageRequest): Promise<Page<SalesOrderRow>> => {
  const where = (bounds: object): FilterQuery<SalesOrderRow> => ({ $and: [visible(ctx), bounds, ...conditions(ctx.viewer.tenantId, filter)] } as FilterQuery<SalesOrderRow>);
  return keysetPage<SalesOrderRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(SalesOrder, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(SalesOrder, where({}))));
};

export const orderById = defineLoader<string, SalesOrderRow>(async (ctx, ids) => {
  const orders = await ctx.read((em) => em.find(SalesOrder, { $and: [visible(ctx), { id: { $in: ids as never } }] } as FilterQuery<SalesOrderRow>, READ_ONLY));
  return new Map(orders.map((order) => [order.id, order]));
});

export const linesByOrder = defineListLoader<string, OrderLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(OrderLine, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (line) => line.orderId);

export const exceptionsByOrder = defineListLoader<string, OrderExceptionRow>(
  (ctx, ids) => ctx.read((em) => em.find(OrderException, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (exception) => exception.orderId);
