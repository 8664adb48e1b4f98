import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ordersExported } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { money, toDecimal } from '@quanyu/money';
import { record } from '@quanyu/outbox';
import type { Vault } from '@quanyu/pii';
import { once, refuse, type GraphContext, type Refusal, type SubgraphDeps } from '@quanyu/subgraph';
import { CSV_HEADER, csvLine, type ExportRow } from '../../domain/export-row.js';
import { OrderExport, type ExportFilter, type OrderExportRow } from '../../entities/order-export.entity.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { SalesOrder, type SalesOrderRow } from '../../entities/sales-order.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { maskedAddress } from '../../queries/masked-address.js';
import { newFileKey, sealCell, wrapKey } from './seal-cell.js';
import { secondFactorRefusal, type StepUpToken } from '../payment/second-factor.js';
import { ask } from '../payment/settle-payment.js';

export interface ExportOrders extends StepUpToken {
  readonly recipients: readonly string[];
  readonly reason: string;
  readonly filter: ExportFilter;
  readonly channelIds: readonly string[] | null;
  readonly idempotencyKey: string;
}
export type ExportBegun = { readonly kind: 'begun'; readonly exportId: string } | Refusal<OrdersErrorCode>;

export const WRITE_EXPORT = 'orders.write-export';
const MOST_RECIPIENTS = 5;
const PAGE = 500;
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
const EXPORT_KEY = (tenantId: string, id: string) => ({ tenantId, row: id, field: 'exportKey' });

/** Has orders of the channels that a person may see written to a file; what is personal is sealed for its recipients alone. Written down, with the reason. */
export async function exportOrders(ctx: GraphContext, { stepUpToken, ...input }: ExportOrders): Promise<ExportBegun> {
  const { viewer, deps } = ctx;
  const { tenantId, channels } = viewer;
  const { recipients, reason, filter } = input;
  if (reason.trim() === '' || reason.length > 200) return refuse('REASON_INVALID', 'reason');
  const key = newFileKey();
  const wrappedKey = recipients.length < 1 || recipients.length > MOST_RECIPIENTS ? null : await wrapKey(key, recipients);
  if (wrappedKey === null) return refuse('RECIPIENT_INVALID', 'recipients');
  const refusal = await secondFactorRefusal(ctx, { stepUpToken }, { action: 'EXPORT_ORDERS', subject: viewer.subjectId, amount: null, use: `exportOrders ${input.idempotencyKey}` });
  if (refusal !== null) return refusal;
  const channelIds = channels === 'all' ? input.channelIds : [...(input.channelIds ?? channels)].filter((id) => channels.includes(id));
  return ctx.write('export-orders', (em) => once<ExportBegun>(em, tenantId, { mutation: 'exportOrders', key: input.idempotencyKey, input: { ...input, by: viewer.subjectId } }, async () => {
    const id = newId('oex');
    // What comes in from now on does not belong to it.
    const upTo = newId('ord');
    const total = await em.count(SalesOrder, whereOf({ tenantId, channelIds, filter, afterId: '', upTo }));
    em.create(OrderExport, {
      id, tenantId, askedBy: viewer.subjectId, reason, recipients: [...recipients], filter, channelIds: channelIds && [...channelIds], state: 'RUNNING', total, upTo,
      wrappedKey, sealedKey: deps.vault.seal(key.toString('base64'), EXPORT_KEY(tenantId, id)), expiresAt: new Date(Date.now() + KEPT_DAYS * DAY_MS),
    });
    record(em, ordersExported({ tenantId, sequence: 1, data: { exportId: id, staffId: viewer.subjectId, reason, recipients: [...recipients], orders: total, channelIds: channelIds && [...channelIds] } }));
    ask(em, deps.jobs, WRITE_EXPORT, { tenantId, exportId: id }, id);
    return { kind: 'begun', exportId: id };
  }));
}

type Range = Pick<OrderExportRow, 'tenantId' | 'filter' | 'afterId' | 'upTo'> & { readonly channelIds?: readonly string[] | null | undefined };
const whereOf = ({ tenantId, channelIds, filter, afterId, upTo }: Range): FilterQuery<SalesOrderRow> => ({
  tenantId, id: { $gt: afterId, $lte: upTo }, ...(channelIds && { connectionId: { $in: [...channelIds] } }), ...(filter.statuses && { status: { $in: [...filter.statuses] } }),
  ...((filter.placedFrom ?? filter.placedBefore) && { placedAt: { ...(filter.placedFrom && { $gte: new Date(filter.placedFrom) }), ...(filter.placedBefore && { $lt: new Date(filter.placedBefore) }) } }),
} as FilterQuery<SalesOrderRow>);

/** Writes an export page by page; what is cut off goes on after the last page that stands. Repeats safely. */
export async function writeExport({ database, vault }: Pick<SubgraphDeps, 'database' | 'vault'>, { tenantId, exportId }: { readonly tenantId: string; readonly exportId: string }): Promise<void> {
  while (await database.write(tenantId, 'write-export-page', (em) => writePage(em, vault, exportId))) { /* the next page */ }
}

async function writePage(em: EntityManager, vault: Vault, exportId: string): Promise<boolean> {
  const [mine] = await em.execute<{ place: number }[]>("select (select count(*)::int from order_export_part p where p.export_id = e.id) as place from order_export e where id = ? and state = 'RUNNING' for update skip locked", [exportId]);
  if (mine === undefined) return false;
  const found = await em.findOneOrFail(OrderExport, { id: exportId as Id<'oex'> });
  const orders = await em.find(SalesOrder, whereOf(found), { orderBy: { id: 'asc' }, limit: PAGE, disableIdentityMap: true });
  const lines = Map.groupBy(await em.find(OrderLine, { tenantId: found.tenantId, orderId: { $in: orders.map(({ id }) => id) } }, { orderBy: { id: 'asc' }, disableIdentityMap: true }), ({ orderId }) => orderId);
  const key = Buffer.from(vault.open(found.sealedKey!, EXPORT_KEY(found.tenantId, exportId)), 'base64');
  const body = orders.map((order) => csvLine(rowOf(vault, key, order, lines.get(order.id) ?? []))).join('');
  await em.execute('insert into order_export_part (export_id, place, tenant_id, body) values (?, ?, ?, ?)', [exportId, mine.place, found.tenantId, mine.place === 0 ? `${CSV_HEADER}${body}` : body]);
  found.exported += orders.length;
  found.afterId = orders.at(-1)?.id ?? found.afterId;
  if (orders.length === PAGE) return true;
  // Nobody needs our way into it any more.
  Object.assign(found, { state: 'DONE', doneAt: new Date(), sealedKey: null });
  return false;
}

function rowOf(vault: Vault, key: Buffer, order: SalesOrderRow, lines: readonly OrderLineRow[]): ExportRow {
  const of = (minor: number): string => toDecimal(money(minor, order.currency));
  const masked = maskedAddress(vault, order);
  return {
    order_id: order.id, order_number: order.orderNumber, platform: order.platform, channel_order_id: order.externalOrderId, status: order.status, placed_at: order.placedAt.toISOString(), paid_at: order.paidAt?.toISOString() ?? '',
    currency: order.currency, total: of(order.totalMinor), refunded: of(order.refundedMinor), goods: lines.map(({ externalSku, quantity }) => `${externalSku} x ${quantity}`).join('; '),
    name: masked?.name ?? '', phone: masked?.phone ?? '', province: masked?.province ?? '', city: masked?.city ?? '', sealed_receiver: sealedReceiver(vault, key, order),
  };
}

/** Of a channel that masks its receivers nothing clear may leave, not even sealed: it is opened there, parcel by parcel. */
function sealedReceiver(vault: Vault, key: Buffer, order: SalesOrderRow): string {
  if (!order.sealedShipTo) return '';
  const clear = vault.open(order.sealedShipTo, { tenantId: order.tenantId, row: order.id, field: 'shipTo' });
  return (JSON.parse(clear) as { readonly oaid?: string | null }).oaid ? '' : sealCell(key, order.id, clear);
}

/** After a week the file is gone; who had it made stays. */
export const forgetExport = (database: SubgraphDeps['database'], { tenantId, exportId }: { readonly tenantId: string; readonly exportId: string }): Promise<void> => database.write(tenantId, 'forget-export', async (em) => {
  const over = await em.execute<unknown[]>("update order_export set state = 'OVER', sealed_key = null where id = ? and state = 'DONE' and expires_at <= app_now() returning 1", [exportId]);
  if (over.length > 0) await em.execute('delete from order_export_part where export_id = ?', [exportId]);
});
