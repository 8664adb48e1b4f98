import { newId } from '@quanyu/ids';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import type { ImportFormat, ImportMode } from '../../domain/import-rows.js';
import type { InventoryErrorCode } from '../../errors.js';

export interface StartStockImport { readonly format: ImportFormat; readonly mode: ImportMode; readonly defaultLocation: string; readonly idempotencyKey: string }
export type ImportResult = { readonly kind: 'import'; readonly importId: string } | Refusal<InventoryErrorCode>;

/** Makes a place for a file. Nothing happens to stock until the file is there. */
export function startStockImport(ctx: GraphContext, input: StartStockImport): Promise<ImportResult> {
  const { tenantId, subjectId } = ctx.viewer;
  return ctx.write('start-stock-import', (em) => once(em, tenantId, { mutation: 'startStockImport', key: input.idempotencyKey, input }, async () => {
    const id = newId('imp');
    await em.execute('insert into stock_import (id, tenant_id, format, mode, default_location, started_by) values (?, ?, ?, ?, ?, ?)', [id, tenantId, input.format, input.mode, input.defaultLocation, subjectId]);
    return { kind: 'import', importId: id };
  }));
}

/** Stops an import between two pieces. What it has changed stays; the journal tells what. */
export function cancelStockImport(ctx: GraphContext, importId: string): Promise<ImportResult> {
  const { tenantId } = ctx.viewer;
  return ctx.write('cancel-stock-import', async (em) => {
    const [found] = await em.execute<{ state: string }[]>('select state from stock_import where tenant_id = ? and id = ? for update', [tenantId, importId]);
    if (found === undefined) return refuse('IMPORT_NOT_FOUND', 'importId');
    if (found.state === 'DONE' || found.state === 'FAILED') return refuse('IMPORT_ENDED', 'importId');
    await em.execute("update stock_import set state = 'CANCELLED', changed_at = app_now(), done_at = app_now() where id = ? and state <> 'CANCELLED'", [importId]);
    await em.execute('delete from stock_import_piece where import_id = ?', [importId]);
    return { kind: 'import', importId };
  });
}
