import { raw, type FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { OrderStatus } from '../domain/order-state.js';
import { OrderException, type OrderExceptionRow } from '../entities/order-exception.entity.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export interface OrderFilter {
  readonly statuses?: readonly OrderStatus[];
  readonly channelIds?: readonly string[];
  /** Only orders with (or without) an open exception. */
  readonly hasException?: boolean;
  readonly orderNumber?: string;
}

/** Orders of the tenant in the channels that the viewer may see; a member sees those they placed. */
const visible = (ctx: GraphContext): FilterQuery<SalesOrderRow> => ({
  tenantId: ctx.viewer.tenantId,
  ...(ctx.viewer.kind === 'member' ? { memberId: ctx.viewer.subjectId } : ctx.viewer.channels !== 'all' && { connectionId: { $in: [...ctx.viewer.channels] } }),
});

const OPEN_EXCEPTION = "(select e.order_id from order_exception e where e.state = 'OPEN')";

/** A page of orders, newest first. */
export const orderPage = (ctx: GraphContext, filter: OrderFilter, page: PageRequest): Promise<Page<SalesOrderRow>> => {
  const where = (bounds: object): FilterQuery<SalesOrderRow> => ({ $and: [
    visible(ctx), bounds,
    filter.statuses ? { status: { $in: [...filter.statuses] } } : {},
    filter.channelIds ? { connectionId: { $in: [...filter.channelIds] } } : {},
    filter.orderNumber !== undefined ? { orderNumber: filter.orderNumber } : {},
    filter.hasException !== undefined ? { id: { [filter.hasException ? '$in' : '$nin']: raw(OPEN_EXCEPTION) } } : {},
  ] } as FilterQuery<SalesOrderRow>);
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
