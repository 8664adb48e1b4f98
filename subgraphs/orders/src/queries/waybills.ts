import { defineListLoader, defineLoader, type GraphContext } from '@quanyu/subgraph';
import type { TrackState } from '../domain/parcel-track.js';
import { Waybill, type WaybillRow } from '../entities/waybill.entity.js';
import type { PrintFormat } from './draw-labels.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export const waybillsByOrder = defineListLoader<string, WaybillRow>(
  (ctx, ids) => ctx.read((em) => em.find(Waybill, { tenantId: ctx.viewer.tenantId, orderId: { $in: ids as never } }, { ...READ_ONLY, orderBy: { id: 'asc' } })),
  (waybill) => waybill.orderId);

export const waybillById = defineLoader<string, WaybillRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.find(Waybill, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(rows.filter(({ connectionId }) => ctx.viewer.seesChannel(connectionId)).map((row) => [row.id, row]));
});

export interface TrackRow { readonly trackingNumber: string; readonly state: TrackState; readonly problem: boolean; readonly scannedAt: Date; readonly firstScanAt: Date; readonly deliveredAt: Date | null }

export const trackByNumber = defineLoader<string, TrackRow>(async (ctx, numbers) => {
  const rows = await ctx.read((em) => em.execute<{ number: string; state: TrackState; problem: boolean; scanned: string; first: string; delivered: string | null }[]>(
    `select tracking_number as number, state, problem, (extract(epoch from scanned_at) * 1000)::bigint::text as scanned, (extract(epoch from first_scan_at) * 1000)::bigint::text as first, (extract(epoch from delivered_at) * 1000)::bigint::text as delivered
     from parcel_track where tenant_id = ? and tracking_number in (${numbers.map(() => '?').join(', ')})`, [ctx.viewer.tenantId, ...numbers]));
  return new Map(rows.map(({ number, state, problem, scanned, first, delivered }) => [number, { trackingNumber: number, state, problem, scannedAt: at(scanned), firstScanAt: at(first), deliveredAt: delivered === null ? null : at(delivered) }]));
});
const at = (ms: string): Date => new Date(Number(ms));

export interface BatchRow { readonly id: string; readonly format: PrintFormat; readonly size: string; readonly skipped: number; readonly createdAt: Date; readonly total: number; readonly waiting: number; readonly handedOut: number; readonly printed: number; readonly failed: number }

/** Print batches, newest first, with how far they are. */
export async function printBatches(ctx: GraphContext, { ids, first = 20 }: { readonly ids?: readonly string[]; readonly first?: number }): Promise<BatchRow[]> {
  const rows = await ctx.read((em) => em.execute<(Omit<BatchRow, 'createdAt'> & { created: string })[]>(
    `select b.id, b.format, b.size, b.skipped, (extract(epoch from b.created_at) * 1000)::bigint::text as created, count(i.*)::int as total,
       count(*) filter (where i.state = 'WAITING')::int as waiting, count(*) filter (where i.state = 'HANDED_OUT')::int as "handedOut", count(*) filter (where i.state = 'PRINTED')::int as printed, count(*) filter (where i.state = 'FAILED')::int as failed
     from (select * from print_batch where tenant_id = ? ${ids === undefined ? '' : `and id in (${ids.map(() => '?').join(', ')})`} order by id desc limit ?) b left join print_item i on i.batch_id = b.id
     group by b.id, b.format, b.size, b.skipped, b.created_at order by b.id desc`, [ctx.viewer.tenantId, ...(ids ?? []), Math.max(1, Math.min(first, 100))]));
  return rows.map(({ created, ...row }) => ({ ...row, createdAt: at(created) }));
}

export interface ItemRow { readonly batchId: string; readonly waybillId: string; readonly state: string; readonly attempts: number; readonly failureCode: string | null }

export const itemsByBatch = defineListLoader<string, ItemRow>(
  (ctx, ids) => ctx.read((em) => em.execute<ItemRow[]>(
    `select i.batch_id as "batchId", i.waybill_id as "waybillId", i.state, i.attempts, i.failure_code as "failureCode" from print_item i where i.tenant_id = ? and i.batch_id in (${ids.map(() => '?').join(', ')}) order by i.batch_id, i.place`, [ctx.viewer.tenantId, ...ids])),
  (item) => item.batchId);
