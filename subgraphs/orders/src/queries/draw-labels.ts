import { cainiaoTask, LabelError, labelPdf, labelZpl, parseTemplate, standardTemplate, type Label, type LabelContent, type LabelSize, type LabelTemplate, type PrintData } from '@quanyu/labels';
import type { GraphContext } from '@quanyu/subgraph';
import { DEFAULT_TIME_ZONE } from '../domain/business-day.js';
import { CARRIER_NAMES, goodsText } from '../domain/label-text.js';
import { OrderLine, type OrderLineRow } from '../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../entities/sales-order.entity.js';
import { Waybill, type WaybillRow } from '../entities/waybill.entity.js';
import { openShipTo, type ShipTo } from './ship-to.js';

const READ_ONLY = { disableIdentityMap: true } as const;
export const PRINT_FORMATS = ['PDF', 'ZPL', 'CAINIAO'] as const;
export type PrintFormat = (typeof PRINT_FORMATS)[number];

export interface LabelDocument { readonly contentType: string; readonly base64: string }
export interface Drawn { readonly document: LabelDocument | null; readonly drawn: readonly string[]; readonly broken: readonly { readonly id: string; readonly code: string }[] }
export interface ToDraw { readonly batchId: string; readonly waybillIds: readonly string[]; readonly format: PrintFormat; readonly size: LabelSize; readonly templateId: string | null }

/** The template of this id, or the standard one. */
export async function templateOf(ctx: GraphContext, { templateId, size }: Pick<ToDraw, 'templateId' | 'size'>): Promise<LabelTemplate> {
  const [row] = templateId === null ? [] : await ctx.read((em) => em.execute<{ template: unknown }[]>('select template from label_template where tenant_id = ? and id = ?', [ctx.viewer.tenantId, templateId]));
  return row === undefined ? standardTemplate(size) : parseTemplate(row.template);
}

/** Draws labels in clear, for who prints them. Whom a channel masks only its own component can print. */
export async function drawLabels(ctx: GraphContext, { batchId, waybillIds, format, size, templateId }: ToDraw): Promise<Drawn> {
  const { tenantId } = ctx.viewer;
  const { waybills, orders, lines, sender } = await ctx.read(async (em) => {
    const found = await em.find(Waybill, { tenantId, id: { $in: waybillIds as never } }, READ_ONLY);
    const orderIds = found.map(({ orderId }) => orderId);
    return {
      waybills: new Map(found.map((waybill) => [waybill.id as string, waybill])),
      orders: new Map((await em.find(SalesOrder, { tenantId, id: { $in: orderIds } }, READ_ONLY)).map((order) => [order.id, order])),
      lines: Map.groupBy(await em.find(OrderLine, { tenantId, orderId: { $in: orderIds } }, { ...READ_ONLY, orderBy: { id: 'asc' } }), ({ orderId }) => orderId),
      sender: (await em.execute<{ sealed: string }[]>('select sealed from sender where tenant_id = ?', [tenantId]))[0],
    };
  });
  const from = sender === undefined ? {} : JSON.parse(ctx.deps.vault.open(sender.sealed, { tenantId, row: tenantId, field: 'sender' })) as ShipTo;
  const template = await templateOf(ctx, { templateId, size });
  const broken: { id: string; code: string }[] = [];
  const printable = waybillIds.map((id) => waybills.get(id)!).filter(({ id, sealedPrint }) => {
    const code = format === 'CAINIAO' ? (sealedPrint ? null : 'NO_PRINT_DATA') : sealedPrint ? 'COMPONENT_ONLY' : null;
    if (code !== null) broken.push({ id, code });
    return code === null;
  });
  if (format === 'CAINIAO') {
    const documents = printable.map(({ id, sealedPrint }) => ({ documentID: id, contents: [JSON.parse(ctx.deps.vault.open(sealedPrint!, { tenantId, row: id, field: 'print' })) as PrintData] }));
    return { drawn: printable.map(({ id }) => id), broken, document: documents.length === 0 ? null : documentOf('application/json', JSON.stringify(cainiaoTask(`${batchId}-${documents[0]!.documentID}`, documents))) };
  }
  const labels: Label[] = [];
  const drawn: string[] = [];
  for (const waybill of printable) {
    const order = orders.get(waybill.orderId)!;
    labels.push({ template, content: contentOf(waybill, order, lines.get(order.id) ?? [], openShipTo(ctx.deps.vault, order) ?? {}, from) });
    drawn.push(waybill.id);
  }
  return draw(labels, drawn, broken, format);
}

async function draw(labels: readonly Label[], ids: readonly string[], broken: { id: string; code: string }[], format: 'PDF' | 'ZPL'): Promise<Drawn> {
  if (labels.length === 0) return { document: null, drawn: [], broken };
  try {
    const document = format === 'PDF' ? documentOf('application/pdf', await labelPdf(labels)) : documentOf('application/zpl', await labelZpl(labels));
    return { document, drawn: ids, broken };
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    // One number that no barcode takes must not hold up the others: each is tried alone, and those that fail are set aside.
    const good: number[] = [];
    for (const [at, label] of labels.entries()) {
      try { await labelZpl([label]); good.push(at); } catch (fault) { if (!(fault instanceof LabelError)) throw fault; broken.push({ id: ids[at]!, code: fault.code }); }
    }
    if (good.length === labels.length) throw error;
    return draw(good.map((at) => labels[at]!), good.map((at) => ids[at]!), broken, format);
  }
}

const documentOf = (contentType: string, body: string | Buffer): LabelDocument => ({ contentType, base64: Buffer.from(body).toString('base64') });
const addressOf = ({ province, city, address1, address2 }: ShipTo): string => [province, city, address1, address2].filter(Boolean).join(' ');
const phoneOf = ({ phone }: ShipTo): string => phone?.replace(/^\+86/, '') ?? '';
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: DEFAULT_TIME_ZONE, dateStyle: 'short', timeStyle: 'short' });

/** What stands on the label of a waybill. */
export function contentOf(waybill: WaybillRow, order: SalesOrderRow, lines: readonly OrderLineRow[], to: ShipTo, from: ShipTo): LabelContent {
  return {
    carrier: CARRIER_NAMES[waybill.carrier] ?? waybill.carrier, trackingNumber: waybill.trackingNumber ?? '', routeCode: waybill.routeCode ?? '', sortingCode: waybill.sortingCode ?? '',
    receiverName: to.name ?? '', receiverPhone: phoneOf(to), receiverAddress: addressOf(to), senderName: from.name ?? '', senderPhone: phoneOf(from), senderAddress: addressOf(from),
    orderNumber: order.orderNumber, goods: goodsText(lines.map((line) => ({ ...line, shippedQuantity: waybill.state === 'SHIPPED' ? 0 : line.shippedQuantity }))),
    weight: waybill.weightGrams ? `${waybill.weightGrams / 1000} kg` : '', date: today.format(waybill.issuedAt ?? order.placedAt),
  };
}
