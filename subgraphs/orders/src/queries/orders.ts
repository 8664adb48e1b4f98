import { raw, type FilterQuery } from '@mikro-orm/core';
import { gathered } from '@quanyu/database';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { ExceptionState } from '../domain/exception-actions.js';
import type { OrderSearch } from '../domain/order-search.js';
import type { ExceptionCode } from '../domain/order-state.js';
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
const BY_TEXT = ['n.order_number collate "C" >= ? and n.order_number collate "C" < ?', 'n.order_number collate "C" >= ? and n.order_number collate "C" < ?', 'n.external_order_id = ?']
  .map((condition) => `select n.id from sales_order n where n.tenant_id = ? and ${condition}`);
/** So many orders are named by their ids: what a text finds cannot be told beforehand, and guessed wrongly all orders are looked through for a page of a few. */
const FEW = 2_000;
const FIRST_OF_TEXT = BY_TEXT.map((branch) => `(${branch} limit ${FEW + 1})`).join(' union all ');
const OF_NUMBER = '(select n.id from sales_order n where n.tenant_id = ? and n.order_number collate "C" = ?)';
const LAST_SIGN = '\u{10FFFF}';
const textValues = (tenantId: string, text: string): string[] =>
  [tenantId, text, `${text}${LAST_SIGN}`, tenantId, `#${text}`, `#${text}${LAST_SIGN}`, tenantId, text];

const startingWith = (text: string): { readonly $like: string } => ({ $like: `${text.replaceAll(/[\\%_]/g, '\\$&')}%` });
/** The same as a question to each order. */
const named = (text: string): object => ({ $or: [{ orderNumber: startingWith(text) }, { orderNumber: startingWith(`#${text}`) }, { externalOrderId: text }] });

/** The orders that a text finds; null where they are many, of which a page is soon full. */
async function foundBy(ctx: GraphContext, text: string): Promise<readonly string[] | null> {
  const rows = await ctx.read((em) => em.execute<{ id: string }[]>(FIRST_OF_TEXT, textValues(ctx.viewer.tenantId, text)));
  return rows.length > FEW ? null : [...new Set(rows.map(({ id }) => id))];
}

const conditions = (tenantId: string, filter: OrderFilter, found: readonly string[] | null): object[] => ([
  filter.statuses && { status: { $in: [...filter.statuses] } },
  filter.channelIds && { connectionId: { $in: [...filter.channelIds] } },
  filter.orderNumber !== undefined && { id: { $in: raw(OF_NUMBER, [tenantId, filter.orderNumber]) } },
  filter.source && { source: filter.source },
  filter.memberId && { memberId: filter.memberId },
  filter.onHold !== undefined && { onHold: filter.onHold },
  filter.inAfterSale !== undefined && (filter.inAfterSale ? { $or: [{ afterSale: { $ne: 'NONE' } }, { channelAfterSale: { $ne: 'NONE' } }] } : { afterSale: 'NONE', channelAfterSale: 'NONE' }),
  (filter.placedFrom || filter.placedBefore) && { placedAt: { ...(filter.placedFrom && { $gte: filter.placedFrom }), ...(filter.placedBefore && { $lt: filter.placedBefore }) } },
  filter.text !== undefined && (found === null ? named(filter.text) : { id: { $in: found } }),
  filter.skuId && { id: { $in: raw(WITH_SKU, [filter.skuId]) } },
  filter.hasException !== undefined && { id: { [filter.hasException ? '$in' : '$nin']: raw(OPEN_EXCEPTION) } },
] as unknown[]).filter((condition): condition is object => typeof condition === 'object');

/** A page of orders, newest first. */
export async function orderPage(ctx: GraphContext, filter: OrderFilter, page: PageRequest): Promise<Page<SalesOrderRow>> {
  const found = filter.text === undefined ? null : await foundBy(ctx, filter.text);
  const where = (bounds: object): FilterQuery<SalesOrderRow> => ({ $and: [visible(ctx), bounds, ...conditions(ctx.viewer.tenantId, filter, found)] } as FilterQuery<SalesOrderRow>);
  return keysetPage<SalesOrderRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(SalesOrder, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(SalesOrder, where({}))));
}

export const orderById = defineLoader<string, SalesOrderRow>(async (ctx, ids) => {
  const orders = await readTogether(ctx.deps.database, { ctx, ids });
  return new Map(ids.flatMap((id) => orders.get(id) ?? []).map((order) => [order.id, order]));
});

/** Whose sight is the same reads together what is asked for at the same moment: each answer to a buyer ends with their order. */
const readTogether = gathered<{ readonly ctx: GraphContext; readonly ids: readonly string[] }, ReadonlyMap<string, SalesOrderRow>>(async (_database, asked) => {
  const { ctx } = asked[0]!.input;
  const { viewer } = ctx;
  const ids = [...new Set(asked.flatMap(({ input }) => input.ids))];
  const rows = await ctx.rows(SalesOrder, { id: ids as never, ...(viewer.kind === 'member' ? { memberId: viewer.subjectId } : viewer.channels !== 'all' && { connectionId: [...viewer.channels] }) });
  const orders = new Map<string, SalesOrderRow>(rows.map((order) => [order.id, order]));
  return asked.map(() => orders);
}, ({ ctx: { viewer } }) => JSON.stringify([viewer.tenantId, viewer.kind === 'member' ? viewer.subjectId : viewer.channels]));

export const linesByOrder = defineListLoader<string, OrderLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(OrderLine, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (line) => line.orderId);

export const exceptionsByOrder = defineListLoader<string, OrderExceptionRow>(
  (ctx, ids) => ctx.read((em) => em.find(OrderException, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (exception) => exception.orderId);

export interface ExceptionFilter { readonly states: readonly ExceptionState[]; readonly codes?: readonly ExceptionCode[] | undefined; readonly channelIds?: readonly string[] | undefined }

/** A page of exceptions of the channels that the viewer may see, newest first. */
export const exceptionPage = (ctx: GraphContext, { states, codes, channelIds }: ExceptionFilter, page: PageRequest): Promise<Page<OrderExceptionRow>> => {
  const { tenantId, channels } = ctx.viewer;
  const where = (bounds: object): FilterQuery<OrderExceptionRow> => ({ $and: [
    { tenantId, state: { $in: [...states] } }, bounds, channels === 'all' ? {} : { connectionId: { $in: [...channels] } },
    codes ? { code: { $in: [...codes] } } : {}, channelIds ? { connectionId: { $in: [...channelIds] } } : {},
  ] } as FilterQuery<OrderExceptionRow>);
  return keysetPage<OrderExceptionRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(OrderException, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(OrderException, where({}))));
};
