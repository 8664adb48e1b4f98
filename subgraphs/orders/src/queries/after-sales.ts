import { raw, type FilterQuery } from '@mikro-orm/core';
import { defineListLoader, defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { AfterSaleState } from '../domain/after-sale.js';
import { AfterSale, AfterSaleLine, type AfterSaleLineRow, type AfterSaleRow } from '../entities/after-sale.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

/** After-sales of the channels that the viewer may see; of a member's own orders for a member. */
const visible = ({ viewer }: GraphContext): FilterQuery<AfterSaleRow> => ({
  tenantId: viewer.tenantId,
  ...(viewer.kind === 'member' ? { orderId: { $in: raw('(select o.id from sales_order o where o.member_id = ?)', [viewer.subjectId]) } } : viewer.channels !== 'all' && { connectionId: { $in: [...viewer.channels] } }),
} as FilterQuery<AfterSaleRow>);

export interface AfterSaleFilter { readonly states?: readonly AfterSaleState[] | undefined; readonly channelIds?: readonly string[] | undefined; /** Past the time in which somebody has to decide. */ readonly overdue?: boolean | undefined }

/** A page of after-sales, newest first. */
export const afterSalePage = (ctx: GraphContext, { states, channelIds, overdue }: AfterSaleFilter, page: PageRequest): Promise<Page<AfterSaleRow>> => {
  const where = (bounds: object): FilterQuery<AfterSaleRow> => ({ $and: [
    visible(ctx), bounds, states ? { state: { $in: [...states] } } : {}, channelIds ? { connectionId: { $in: [...channelIds] } } : {}, overdue === true ? { state: 'REQUESTED', decideBy: { $lt: new Date() } } : {},
  ] } as FilterQuery<AfterSaleRow>);
  return keysetPage<AfterSaleRow>(
    page,
    (bounds, orderBy, limit) => ctx.read((em) => em.find(AfterSale, where(bounds), { ...READ_ONLY, orderBy, limit })),
    () => ctx.read((em) => em.count(AfterSale, where({}))));
};

export const afterSaleById = defineLoader<string, AfterSaleRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.find(AfterSale, { $and: [visible(ctx), { id: { $in: ids as never } }] } as FilterQuery<AfterSaleRow>, READ_ONLY));
  return new Map(rows.map((row) => [row.id, row]));
});

export const afterSalesByOrder = defineListLoader<string, AfterSaleRow>(
  (ctx, ids) => ctx.read((em) => em.find(AfterSale, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (afterSale) => afterSale.orderId);

export const linesByAfterSale = defineListLoader<string, AfterSaleLineRow>(
  (ctx, ids) => ctx.read((em) => em.find(AfterSaleLine, { tenantId: ctx.viewer.tenantId, afterSaleId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { orderLineId: 'asc' } })),
  (line) => line.afterSaleId);
