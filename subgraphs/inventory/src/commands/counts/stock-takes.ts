import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { InventoryErrorCode } from '../../errors.js';
import { applyStockTake } from './apply-stock-take.js';

export type TakeResult = { readonly kind: 'take'; readonly stockTakeId: string } | Refusal<InventoryErrorCode>;

const MOST_COUNTED = 1_000_000_000;
const MOST_LINES = 500;

/** Begins a count of a location. Several may be under way, also at one location. */
export function openStockTake(ctx: GraphContext, input: { readonly locationId: string; readonly note: string | null; readonly idempotencyKey: string }): Promise<TakeResult> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('open-stock-take', (em) => once(em, tenantId, { mutation: 'openStockTake', key: input.idempotencyKey, input }, async () => {
    const id = newId('tak');
    const [made] = await em.execute<unknown[]>(
      'insert into stock_take (id, tenant_id, location_id, note, opened_by) select ?, ?, id, ?, ? from location where tenant_id = ? and id = ? returning 1',
      [id, tenantId, input.note, subjectId, tenantId, input.locationId]);
    return made === undefined ? refuse('LOCATION_UNKNOWN', 'locationId') : { kind: 'take', stockTakeId: id };
  }));
}

export interface CountLines {
  readonly stockTakeId: string;
  readonly lines: readonly { readonly skuId: string; readonly counted: number }[];
  readonly idempotencyKey: string;
}

/** Writes down what was counted, beside what we believed at this moment. A SKU counted again replaces its line. */
export function countStockLines(ctx: GraphContext, input: CountLines): Promise<TakeResult> {
  const { tenantId, subjectId } = ctx.viewer;
  const { stockTakeId, lines } = input;
  return ctx.write('count-stock-lines', (em) => once(em, tenantId, { mutation: 'countStockLines', key: input.idempotencyKey, input }, async () => {
    if (lines.length < 1 || lines.length > MOST_LINES) return refuse('TOO_MANY_LINES', 'lines');
    const bad = lines.findIndex(({ counted }) => counted < 0 || counted > MOST_COUNTED);
    if (bad !== -1) return refuse('QUANTITY_INVALID', 'lines', String(bad), 'counted');
    const twice = lines.findIndex(({ skuId }, n) => lines.findIndex((other) => other.skuId === skuId) < n);
    if (twice !== -1) return refuse('SKU_TWICE', 'lines', String(twice), 'skuId');
    const [take] = await em.execute<{ state: string; location_id: string }[]>('select state, location_id from stock_take where tenant_id = ? and id = ? for share', [tenantId, stockTakeId]);
    if (take === undefined) return refuse('STOCK_TAKE_NOT_FOUND', 'stockTakeId');
    if (take.state !== 'OPEN') return refuse('STOCK_TAKE_CLOSED', 'stockTakeId');
    await em.execute(
      `insert into stock_take_line (id, tenant_id, stock_take_id, sku_id, counted, expected, counted_by)
       select c.id, ?, ?, c."skuId", c.counted, coalesce((select sum(l.on_hand) from stock_level l where l.tenant_id = ? and l.sku_id = c."skuId" and l.location_id = ?), 0), ?
       from jsonb_to_recordset(?::jsonb) as c (id text, "skuId" text, counted int) order by c."skuId"
       on conflict (stock_take_id, sku_id) do update set counted = excluded.counted, expected = excluded.expected, counted_by = excluded.counted_by, counted_at = app_now()`,
      [tenantId, stockTakeId, tenantId, take.location_id, subjectId, JSON.stringify(lines.map((line) => ({ id: newId('tkl'), ...line })))]);
    return { kind: 'take', stockTakeId };
  }));
}

/** Ends a count without applying it. */
export function cancelStockTake(ctx: GraphContext, stockTakeId: string): Promise<TakeResult> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('cancel-stock-take', async (em) => {
    const [take] = await em.execute<{ state: string }[]>('select state from stock_take where tenant_id = ? and id = ? for update', [tenantId, stockTakeId]);
    if (take === undefined) return refuse('STOCK_TAKE_NOT_FOUND', 'stockTakeId');
    if (take.state === 'CLOSING' || take.state === 'CLOSED') return refuse('STOCK_TAKE_CLOSED', 'stockTakeId');
    await em.execute("update stock_take set state = 'CANCELLED', closed_by = ?, closed_at = app_now(), changed_at = app_now() where id = ? and state = 'OPEN'", [subjectId, stockTakeId]);
    return { kind: 'take', stockTakeId };
  });
}

/**
 * Closes a count: each difference becomes a movement. In transactions of some hundred lines; cut off, the same key goes
 * on, and so does a timed job.
 */
export async function closeStockTake(ctx: GraphContext, input: { readonly stockTakeId: string; readonly idempotencyKey: string }): Promise<TakeResult> {
  const { tenantId, subjectId } = ctx.viewer;
  const { stockTakeId, idempotencyKey } = input;
  const closing = await ctx.write('close-stock-take', async (em): Promise<TakeResult> => {
    const [take] = await em.execute<{ state: string; close_key: string | null }[]>('select state, close_key from stock_take where tenant_id = ? and id = ? for update', [tenantId, stockTakeId]);
    if (take === undefined) return refuse('STOCK_TAKE_NOT_FOUND', 'stockTakeId');
    if (take.state === 'CANCELLED' || (take.close_key !== null && take.close_key !== idempotencyKey)) return refuse('STOCK_TAKE_CLOSED', 'stockTakeId');
    await em.execute("update stock_take set state = 'CLOSING', close_key = ?, closed_by = ?, changed_at = app_now() where id = ? and state = 'OPEN'", [idempotencyKey, subjectId, stockTakeId]);
    return { kind: 'take', stockTakeId };
  });
  if (closing.kind === 'take') await applyStockTake(ctx.deps.database, tenantId, stockTakeId);
  return closing;
}
