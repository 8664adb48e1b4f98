import type { EntityManager } from '@mikro-orm/postgresql';
import { killPoint, type Database } from '@quanyu/database';
import type { SubgraphDeps } from '@quanyu/subgraph';
import { log } from '@quanyu/telemetry';
import { MAIN_BUCKET } from '../../domain/available.js';
import { beginningOf, readRow, type Columns, type ImportMode, type ImportRow, type RowRefusal } from '../../domain/import-rows.js';
import { judgeRow } from '../../domain/judge-rows.js';
import { changeCounts, lockLevels } from '../levels/change-counts.js';

export const RUN_STOCK_IMPORT = 'inventory.run-stock-import';

export interface ImportRef { readonly tenantId: string; readonly importId: string }

/** Asks for an import to be worked off. Never fails: the row is the truth, and what is due is found from it. */
export async function askToImport(jobs: SubgraphDeps['jobs'], { tenantId, importId }: ImportRef): Promise<void> {
  try {
    await jobs.enqueue(RUN_STOCK_IMPORT, { tenantId, importId }, { jobId: importId });
  } catch (error) {
    log.warn('an import waits until it is found due', { tenantId, jobName: RUN_STOCK_IMPORT, error });
  }
}

/** Forgets uploads that broke off a day ago, with what came of them. */
export async function forgetStockUploads({ database }: Pick<SubgraphDeps, 'database'>): Promise<void> {
  const { rows } = await database.system.query<ImportRef>(
    'select id as "importId", tenant_id as "tenantId" from stock_import where state = \'RECEIVING\' and changed_at < app_now() - interval \'1 day\'');
  for (const { tenantId, importId } of rows) {
    await database.write(tenantId, 'forget-stock-upload', async (em) => {
      await em.execute("update stock_import set state = 'FAILED', failure_code = 'UPLOAD_CUT_OFF', changed_at = app_now(), done_at = app_now() where id = ? and state = 'RECEIVING'", [importId]);
      await em.execute('delete from stock_import_piece where import_id = ?', [importId]);
    });
  }
}

/** Works off what is left of an import, a piece a transaction. Each piece is applied once, whatever is killed and whoever else is at it. */
export async function runStockImport(database: Pick<Database, 'write'>, { tenantId, importId }: ImportRef, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && await database.write(tenantId, 'apply-stock-piece', (em) => applyPiece(em, tenantId, importId))) killPoint('inventory.stock-import:piece-done');
}

interface Import { next_piece: number; pieces: number; mode: ImportMode; columns: Columns | null; default_location: string; started_by: string }
interface Refused { readonly row: number; readonly code: RowRefusal; readonly line: string }

/** Answers whether there may be more for this worker: an import that another one is at is left to that one. */
async function applyPiece(em: EntityManager, tenantId: string, importId: string): Promise<boolean> {
  const [job] = await em.execute<Import[]>("select next_piece, pieces, mode, columns, default_location, started_by from stock_import where tenant_id = ? and id = ? and state in ('QUEUED', 'RUNNING') for update skip locked", [tenantId, importId]);
  if (job === undefined) return false;
  const [piece] = await em.execute<{ first_line: number; body: string }[]>('delete from stock_import_piece where import_id = ? and n = ? returning first_line, body', [importId, job.next_piece]);
  const { rows, refused } = readPiece(piece!, job);
  const outcome = await applyRows(em, tenantId, importId, job, rows);
  refused.push(...outcome.refused);
  if (refused.length > 0) {
    await em.execute('insert into stock_import_refusal (import_id, line, tenant_id, code, text) select ?, "row", ?, code, line from jsonb_to_recordset(?::jsonb) as r ("row" int, code text, line text)', [importId, tenantId, JSON.stringify(refused)]);
  }
  const ended = job.next_piece + 1 === job.pieces;
  await em.execute(
    `update stock_import set state = ?, next_piece = next_piece + 1, rows_applied = rows_applied + ?, rows_refused = rows_refused + ?, rows_done = rows_done + ?,
       rows_total = case when ? then rows_done + ? else rows_total end, changed_at = app_now(), done_at = case when ? then app_now() end where id = ?`,
    [ended ? 'DONE' : 'RUNNING', outcome.applied, refused.length, outcome.applied + refused.length, ended, outcome.applied + refused.length, ended, importId]);
  return !ended;
}

function readPiece({ first_line: firstLine, body }: { first_line: number; body: string }, { columns, mode, default_location: defaultLocation }: Import): { rows: (ImportRow & { line: string })[]; refused: Refused[] } {
  const rows: (ImportRow & { line: string })[] = [];
  const refused: Refused[] = [];
  for (const [n, line] of body.split(/\r?\n/).entries()) {
    const row = firstLine + n;
    if (row === 1 && columns !== null) continue;
    const read = readRow(row === 1 ? line.replace(/^\uFEFF/, '') : line, row, { columns, mode, defaultLocation });
    if (read.kind === 'refused') refused.push(read);
    if (read.kind === 'row') rows.push({ ...read.value, line });
  }
  return { rows, refused };
}

async function applyRows(em: EntityManager, tenantId: string, importId: string, job: Import, rows: readonly (ImportRow & { line: string })[]): Promise<{ applied: number; refused: Refused[] }> {
  const [skus, locations] = [await skusOf(em, tenantId, rows), await locationsOf(em, tenantId, rows)];
  const refused: Refused[] = [];
  const refuse = ({ row, line }: { row: number; line: string }, code: RowRefusal): void => { refused.push({ row, code, line: beginningOf(line) }); };
  const good = rows.flatMap((row) => {
    const [skuId, locationId] = [skus.get(row.sku), locations.get(row.location)];
    if (skuId === undefined) refuse(row, 'SKU_UNKNOWN');
    else if (locationId === undefined) refuse(row, 'LOCATION_UNKNOWN');
    else return [{ ...row, skuId, locationId }];
    return [];
  });
  const levels = new Map((await lockLevels(em, tenantId, good.map(({ skuId, locationId }) => ({ skuId, locationId, bucket: MAIN_BUCKET }))))
    .filter(({ bucket }) => bucket === MAIN_BUCKET).map((level) => [`${level.skuId} ${level.locationId}`, { level, onHand: level.onHand }]));
  for (const row of good) {
    const counted = levels.get(`${row.skuId} ${row.locationId}`)!;
    const verdict = judgeRow({ ...counted.level, onHand: counted.onHand }, row.quantity, job.mode);
    if (verdict.kind === 'refused') refuse(row, verdict.code);
    else counted.onHand = verdict.onHand;
  }
  await changeCounts(em, {
    // A file of counts says what is, as a count does; a file of changes has to leave what is promised.
    tenantId, reason: job.mode === 'SET' ? 'COUNT' : 'IMPORT', reference: importId, actor: job.started_by,
    levels: [...levels.values()].map(({ level, onHand }) => ({ id: level.id, by: onHand - level.onHand })),
  });
  return { applied: rows.length - refused.length, refused };
}

/** SKUs by code or id. An id is known by the catalog's news, or by stock that it has. */
async function skusOf(em: EntityManager, tenantId: string, rows: readonly ImportRow[]): Promise<Map<string, string>> {
  const names = JSON.stringify([...new Set(rows.map(({ sku }) => sku))]);
  const found = await em.execute<{ name: string; id: string }[]>(
    `select w.name, coalesce(c.sku_id, i.sku_id, (select l.sku_id from stock_level l where l.tenant_id = ? and l.sku_id = w.name limit 1)) as id
     from jsonb_array_elements_text(?::jsonb) as w (name)
     left join known_sku c on c.tenant_id = ? and c.code = w.name
     left join known_sku i on i.tenant_id = ? and i.sku_id = w.name`, [tenantId, names, tenantId, tenantId]);
  return new Map(found.filter(({ id }) => id !== null).map(({ name, id }) => [name, id]));
}

async function locationsOf(em: EntityManager, tenantId: string, rows: readonly ImportRow[]): Promise<Map<string, string>> {
  const names = JSON.stringify([...new Set(rows.map(({ location }) => location))]);
  const found = await em.execute<{ id: string; code: string }[]>('select id, code from location where tenant_id = ? and (code in (select jsonb_array_elements_text(?::jsonb)) or id in (select jsonb_array_elements_text(?::jsonb)))', [tenantId, names, names]);
  return new Map(found.flatMap(({ id, code }) => [[id, id], [code, id]]));
}
