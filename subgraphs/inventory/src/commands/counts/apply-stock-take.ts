import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@quanyu/database';
import { MAIN_BUCKET } from '../../domain/available.js';
import { changeCounts, lockLevels } from '../levels/change-counts.js';
import { spreadOver } from '../../domain/spread-difference.js';

const BATCH = 500;

/** Applies what is left of a count that is being closed, batch by batch. Repeats safely: a line is marked with its movement. */
export async function applyStockTake(database: Pick<Database, 'write'>, tenantId: string, stockTakeId: string): Promise<void> {
  while (await database.write(tenantId, 'apply-stock-take', (em) => applyBatch(em, tenantId, stockTakeId)));
}

/** Goes on with counts whose closing was cut off. */
export async function resumeStockTakes(database: Pick<Database, 'write' | 'system'>): Promise<void> {
  const { rows } = await database.system.query<{ id: string; tenantId: string }>(
    "select id, tenant_id as \"tenantId\" from stock_take where state = 'CLOSING' and changed_at < app_now() - interval '30 seconds'");
  for (const { id, tenantId } of rows) await applyStockTake(database, tenantId, id);
}

interface Line { readonly id: string; readonly skuId: string; readonly difference: number }

/** Answers whether there may be more. */
async function applyBatch(em: EntityManager, tenantId: string, stockTakeId: string): Promise<boolean> {
  // Two that close the same count take turns: a line is applied by one of them.
  const [take] = await em.execute<{ location_id: string; closed_by: string }[]>("select location_id, closed_by from stock_take where tenant_id = ? and id = ? and state = 'CLOSING' for update", [tenantId, stockTakeId]);
  if (take === undefined) return false;
  const due = await em.execute<{ sku_id: string }[]>(`select sku_id from stock_take_line where stock_take_id = ? and applied_at is null order by sku_id limit ${BATCH}`, [stockTakeId]);
  const skuIds = due.map((row) => row.sku_id);
  const levels = await lockLevels(em, tenantId, skuIds.map((skuId) => ({ skuId, locationId: take.location_id, bucket: MAIN_BUCKET })));
  const lines = await em.execute<Line[]>(
    'select id, sku_id as "skuId", difference from stock_take_line where stock_take_id = ? and sku_id in (select jsonb_array_elements_text(?::jsonb))', [stockTakeId, JSON.stringify(skuIds)]);
  await changeCounts(em, {
    tenantId, reason: 'COUNT', reference: stockTakeId, actor: take.closed_by,
    levels: lines.flatMap(({ skuId, difference }) => spreadOver(levels.filter((level) => level.skuId === skuId), difference)),
  });
  await em.execute('update stock_take_line set applied_at = app_now() where id in (select jsonb_array_elements_text(?::jsonb))', [JSON.stringify(lines.map(({ id }) => id))]);
  const ended = lines.length < BATCH;
  await em.execute(`update stock_take set changed_at = app_now()${ended ? ", state = 'CLOSED', closed_at = app_now()" : ''} where id = ?`, [stockTakeId]);
  return !ended;
}
