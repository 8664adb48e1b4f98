import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@quanyu/ids';
import type { LabelSize } from '@quanyu/labels';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { SalesOrder } from '../../entities/sales-order.entity.js';
import { Waybill, type WaybillRow } from '../../entities/waybill.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { drawLabels, type LabelDocument, type PrintFormat } from '../../queries/draw-labels.js';
import { note } from '../life/timeline.js';

const MOST_WAYBILLS = 1_000;
/** One hand-out: more would keep others in this process waiting. */
export const MOST_LABELS = 100;
/** Whoever takes labels and says nothing for so long has not printed them. */
const LEASE_MINUTES = 10;
const TRIES = 3;

export interface CreatePrintBatch {
  readonly waybillIds: readonly string[];
  readonly format: PrintFormat;
  readonly size: LabelSize;
  readonly templateId: string | null;
  /** Also those that have been printed. */
  readonly again: boolean;
  readonly idempotencyKey: string;
}
type BatchDone = { readonly kind: 'done'; readonly batchId: string } | Refusal<OrdersErrorCode>;

/** Puts labels together to be printed. Printed ones are left out, and those that another batch is at, unless they are asked for again. */
export function createPrintBatch(ctx: GraphContext, input: CreatePrintBatch): Promise<BatchDone> {
  const { tenantId, channels, subjectId } = ctx.viewer;
  const ids = input.waybillIds;
  return ctx.write('create-print-batch', (em) => once<BatchDone>(em, tenantId, { mutation: 'createPrintBatch', key: input.idempotencyKey, input }, async () => {
    if (ids.length === 0 || ids.length > MOST_WAYBILLS || new Set(ids).size < ids.length) return refuse('WAYBILLS_INVALID', 'waybillIds');
    if (input.templateId !== null && (await em.execute<unknown[]>('select 1 from label_template where tenant_id = ? and id = ?', [tenantId, input.templateId])).length === 0) return refuse('TEMPLATE_NOT_FOUND', 'templateId');
    const found = await em.execute<{ id: string; connection_id: string; state: string; done: boolean }[]>(
      `select w.id, w.connection_id, w.state, w.printed_at is not null or exists (select 1 from print_item i where i.waybill_id = w.id and i.state in ('WAITING', 'HANDED_OUT')) as done
       from waybill w where w.tenant_id = ? and w.id = any(string_to_array(?, ',')) order by w.id for update of w`, [tenantId, ids.join(',')]);
    const byId = new Map(found.map((row) => [row.id, row]));
    for (const [place, id] of ids.entries()) {
      const row = byId.get(id);
      if (row === undefined || !(channels === 'all' || channels.includes(row.connection_id))) return refuse('WAYBILL_NOT_FOUND', 'waybillIds', `${place}`);
      if (row.state === 'FAILED' || row.state === 'VOID') return refuse('WAYBILL_STATE', 'waybillIds', `${place}`);
    }
    const printed = ids.filter((id) => input.again || !byId.get(id)!.done);
    const batchId = newId('ptb');
    await em.execute('insert into print_batch (id, tenant_id, format, template_id, size, skipped, created_by) values (?, ?, ?, ?, ?, ?, ?)', [batchId, tenantId, input.format, input.templateId, input.size, ids.length - printed.length, subjectId]);
    await em.execute("insert into print_item (batch_id, waybill_id, tenant_id, place) select ?, t.id, ?, t.place from unnest(string_to_array(?, ',')) with ordinality as t (id, place)", [batchId, tenantId, printed.join(',')]);
    return { kind: 'done', batchId };
  }));
}

interface Batch { format: PrintFormat; template_id: string | null; size: LabelSize }
export type LabelsTaken = { readonly kind: 'taken'; readonly batchId: string; readonly waybillIds: readonly string[]; readonly document: LabelDocument | null } | Refusal<OrdersErrorCode>;

/**
 * Hands out the next labels of a batch to whoever prints them. What was handed out and not reported within ten minutes is
 * handed out again; what cannot be printed in this way is set aside with its reason, and the others go on.
 */
export async function takeLabels(ctx: GraphContext, { batchId, most }: { readonly batchId: string; readonly most: number }): Promise<LabelsTaken> {
  const taken = await ctx.write('take-labels', (em) => take(em, ctx, batchId, Math.max(1, Math.min(most, MOST_LABELS))));
  if (taken === null) return refuse('PRINT_BATCH_NOT_FOUND', 'batchId');
  const { batch, ids } = taken;
  if (ids.length === 0) return { kind: 'taken', batchId, waybillIds: [], document: null };
  // Drawn outside of the transaction: it takes a while, and the labels are ours for ten minutes.
  const { document, drawn, broken } = await drawLabels(ctx, { batchId, waybillIds: ids, format: batch.format, size: batch.size, templateId: batch.template_id });
  if (broken.length > 0) {
    await ctx.write('set-labels-aside', (em) => em.execute(
      `update print_item i set state = 'FAILED', leased_until = null, failure_code = b.code from jsonb_to_recordset(?::jsonb) as b (id text, code text) where i.batch_id = ? and i.waybill_id = b.id and i.state = 'HANDED_OUT'`, [JSON.stringify(broken), batchId]));
  }
  return { kind: 'taken', batchId, waybillIds: drawn, document };
}

async function take(em: EntityManager, ctx: GraphContext, batchId: string, most: number): Promise<{ readonly batch: Batch; readonly ids: readonly string[] } | null> {
  const [batch] = await em.execute<Batch[]>('select format, template_id, size from print_batch where tenant_id = ? and id = ?', [ctx.viewer.tenantId, batchId]);
  if (batch === undefined) return null;
  const seen = ctx.viewer.channels === 'all' ? null : ctx.viewer.channels.join(',');
  // What has no number any more, or whose order is not to be sent, is no label; what was tried often enough waits for a person.
  await em.execute(
    `update print_item i set state = 'FAILED', leased_until = null, failure_code = case when o.status = 'CANCELLED' then 'ORDER_CANCELLED' when o.on_hold then 'ON_HOLD' when w.state in ('FAILED', 'VOID') then coalesce(w.failure_code, 'WAYBILL_STATE') else 'NOT_REPORTED' end
     from waybill w join sales_order o on o.id = w.order_id
     where i.batch_id = ? and w.id = i.waybill_id and i.state in ('WAITING', 'HANDED_OUT')
       and (w.state in ('FAILED', 'VOID') or o.status = 'CANCELLED' or o.on_hold or (i.attempts >= ? and i.state = 'HANDED_OUT' and i.leased_until < app_now()))`, [batchId, TRIES]);
  const rows = await em.execute<{ waybill_id: string }[]>(
    `with next as (
       select i.waybill_id from print_item i join waybill w on w.id = i.waybill_id
       where i.batch_id = ? and w.state in ('ISSUED', 'SHIPPED') and (i.state = 'WAITING' or (i.state = 'HANDED_OUT' and i.leased_until < app_now())) and (?::text is null or w.connection_id = any(string_to_array(?, ',')))
       order by i.place limit ? for update of i skip locked)
     update print_item i set state = 'HANDED_OUT', attempts = attempts + 1, leased_until = app_now() + interval '${LEASE_MINUTES} minutes' from next n where i.batch_id = ? and i.waybill_id = n.waybill_id returning i.waybill_id, i.place`,
    [batchId, seen, seen, most, batchId]);
  return { batch, ids: (rows as { waybill_id: string; place: number }[]).sort((a, b) => a.place - b.place).map(({ waybill_id: id }) => id) };
}

export interface ReportPrinted { readonly batchId: string; readonly printed: readonly string[]; readonly failed: readonly { readonly waybillId: string; readonly code: string }[] }

/** Takes in what became of labels. A failed one waits to be handed out again, three times in all. Saying the same twice changes nothing. */
export async function reportPrinted(ctx: GraphContext, { batchId, printed, failed }: ReportPrinted): Promise<BatchDone> {
  const { tenantId } = ctx.viewer;
  if (printed.length + failed.length > MOST_WAYBILLS || failed.some(({ code }) => !/^[A-Z0-9_]{1,40}$/.test(code))) return refuse('WAYBILLS_INVALID', 'failed');
  return ctx.write('report-printed', async (em): Promise<BatchDone> => {
    const [batch] = await em.execute<unknown[]>('select 1 from print_batch where tenant_id = ? and id = ?', [tenantId, batchId]);
    if (batch === undefined) return refuse('PRINT_BATCH_NOT_FOUND', 'batchId');
    const seen = ctx.viewer.channels === 'all' ? null : ctx.viewer.channels.join(',');
    const done = await em.execute<{ waybill_id: string }[]>(
      `update print_item i set state = 'PRINTED', leased_until = null, failure_code = null from waybill w
       where i.batch_id = ? and i.waybill_id = any(string_to_array(?, ',')) and i.state <> 'PRINTED' and i.attempts > 0 and w.id = i.waybill_id and (?::text is null or w.connection_id = any(string_to_array(?, ','))) returning i.waybill_id`,
      [batchId, printed.join(','), seen, seen]);
    await em.execute(
      `update print_item i set state = case when i.attempts >= ? then 'FAILED' else 'WAITING' end, leased_until = null, failure_code = f.code from jsonb_to_recordset(?::jsonb) as f (id text, code text), waybill w
       where i.batch_id = ? and i.waybill_id = f.id and i.state = 'HANDED_OUT' and w.id = i.waybill_id and (?::text is null or w.connection_id = any(string_to_array(?, ',')))`,
      [TRIES, JSON.stringify(failed.map(({ waybillId: id, code }) => ({ id, code }))), batchId, seen, seen]);
    await noteAll(em, ctx, done.map(({ waybill_id: id }) => id), batchId);
    return { kind: 'done', batchId };
  });
}

async function noteAll(em: EntityManager, ctx: GraphContext, ids: readonly string[], batchId: string): Promise<void> {
  if (ids.length === 0) return;
  await em.execute("update waybill set printed_at = coalesce(printed_at, app_now()), print_count = print_count + 1 where id = any(string_to_array(?, ','))", [ids.join(',')]);
  const waybills: WaybillRow[] = await em.find(Waybill, { id: { $in: ids as never } });
  const orders = new Map((await em.find(SalesOrder, { id: { $in: waybills.map(({ orderId }) => orderId) } })).map((order) => [order.id, order]));
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  for (const { id, orderId } of waybills) note(em, orders.get(orderId)!, change, 'LABEL_PRINTED', { waybillId: id, batchId });
}

