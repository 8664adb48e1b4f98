import { parseTemplate, type LabelContent, type LabelTemplate } from '@quanyu/labels';
import type { GraphContext } from '@quanyu/subgraph';
import { OrderLine } from '../entities/order-line.entity.js';
import { contentOf } from './draw-labels.js';
import { maskedAddress } from './masked-address.js';
import { orderById } from './orders.js';
import { waybillById } from './waybills.js';

export interface TemplateRow { readonly id: string; readonly name: string; readonly version: number; readonly template: LabelTemplate }

/** The tenant's label templates, or those of these ids. */
export async function labelTemplates(ctx: GraphContext, ids?: readonly string[]): Promise<TemplateRow[]> {
  const rows = await ctx.read((em) => em.execute<{ id: string; name: string; version: number; template: unknown }[]>(
    `select id, name, version, template from label_template where tenant_id = ? ${ids === undefined ? '' : `and id in (${ids.map(() => '?').join(', ')})`} order by id`, [ctx.viewer.tenantId, ...(ids ?? [])]));
  return rows.map((row) => ({ ...row, template: parseTemplate(row.template) }));
}

const SAMPLE: LabelContent = {
  carrier: '顺丰速运', trackingNumber: 'SF0000000000000', routeCode: '571-01 A12', sortingCode: '示例转运中心', receiverName: '王**', receiverPhone: '137****0003', receiverAddress: '四川省 成都市 样本街***',
  senderName: '示例寄件人', senderPhone: '139****0009', senderAddress: '浙江省 杭州市 样本路***', orderNumber: '#1001', goods: '示例商品 x1', weight: '0.5 kg', part: '1/1', date: '2026-01-01 12:00',
};

/** What a preview shows: a waybill of the viewer's channels with its people masked, or a sample. */
export async function previewContent(ctx: GraphContext, waybillId: string | null): Promise<LabelContent> {
  const waybill = waybillId === null ? null : await waybillById(ctx).load(waybillId);
  const order = waybill === null ? null : await orderById(ctx).load(waybill.orderId);
  if (waybill === null || order === null || waybill.trackingNumber === null || waybill.trackingNumber === undefined) return SAMPLE;
  const lines = await ctx.read((em) => em.find(OrderLine, { tenantId: ctx.viewer.tenantId, orderId: order.id }, { disableIdentityMap: true, orderBy: { id: 'asc' } }));
  const to = maskedAddress(ctx.deps.vault, order);
  return { ...contentOf(waybill, order, lines, { ...to, address1: to?.addressLine ?? null }, {}), senderName: SAMPLE.senderName!, senderPhone: SAMPLE.senderPhone!, senderAddress: SAMPLE.senderAddress! };
}
