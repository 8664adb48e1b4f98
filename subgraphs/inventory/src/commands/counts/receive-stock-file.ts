import type { SubgraphDeps } from '@quanyu/subgraph';
import { FilePieces, type Piece } from '../../domain/file-pieces.js';
import { columnsOf, type Columns, type ImportFormat } from '../../domain/import-rows.js';
import { askToImport } from './run-stock-import.js';

export const MOST_FILE_BYTES = 512 * 1024 * 1024;

export type FileFault = 'FILE_TOO_LARGE' | 'FILE_NOT_TEXT' | 'HEADER_INVALID' | 'FILE_EMPTY';
export type Received = { readonly kind: 'received'; readonly lines: number } | { readonly kind: 'refused'; readonly code: FileFault | 'FILE_NOT_EXPECTED' };

interface Upload { readonly tenantId: string; readonly importId: string; readonly upload: number; readonly format: ImportFormat }

/**
 * Stores a file as it comes, piece by piece: at no time more of it is in memory than a piece. A second upload takes the
 * place of one that was cut off; a file that is there already is not taken again.
 */
export async function receiveStockFile({ database, jobs }: Pick<SubgraphDeps, 'database' | 'jobs'>, { tenantId, importId }: Pick<Upload, 'tenantId' | 'importId'>, blocks: AsyncIterable<Uint8Array>): Promise<Received> {
  const begun = await beginUpload(database, tenantId, importId);
  if (begun === null) return { kind: 'refused', code: 'FILE_NOT_EXPECTED' };
  const stored = await storePieces(database, begun, blocks);
  if (stored.kind === 'refused') {
    await database.write(tenantId, 'fail-stock-import', (em) => em.execute(
      "update stock_import set state = 'FAILED', failure_code = ?, changed_at = app_now(), done_at = app_now() where id = ? and upload = ? and state = 'RECEIVING'", [stored.code, importId, begun.upload]));
    return stored;
  }
  const isMine = await database.write(tenantId, 'queue-stock-import', (em) => em.execute<unknown[]>(
    "update stock_import set state = 'QUEUED', columns = ?::jsonb, bytes = ?, pieces = ?, rows_total = ?, changed_at = app_now() where id = ? and upload = ? and state = 'RECEIVING' returning 1",
    [JSON.stringify(stored.columns), stored.bytes, stored.pieces, stored.lines, importId, begun.upload]));
  if (isMine.length === 0) return { kind: 'refused', code: 'FILE_NOT_EXPECTED' };
  await askToImport(jobs, { tenantId, importId });
  return { kind: 'received', lines: stored.lines };
}

function beginUpload(database: SubgraphDeps['database'], tenantId: string, importId: string): Promise<Upload | null> {
  return database.write(tenantId, 'begin-stock-upload', async (em) => {
    const [begun] = await em.execute<{ upload: number; format: ImportFormat }[]>(
      "update stock_import set state = 'RECEIVING', upload = upload + 1, changed_at = app_now() where tenant_id = ? and id = ? and state in ('AWAITING_FILE', 'RECEIVING') returning upload, format", [tenantId, importId]);
    if (begun === undefined) return null;
    await em.execute('delete from stock_import_piece where import_id = ?', [importId]);
    return { tenantId, importId, ...begun };
  });
}

type Stored = { readonly kind: 'stored'; readonly columns: Columns | null; readonly bytes: number; readonly pieces: number; readonly lines: number } | { readonly kind: 'refused'; readonly code: FileFault };

async function storePieces(database: SubgraphDeps['database'], upload: Upload, blocks: AsyncIterable<Uint8Array>): Promise<Stored> {
  const cutter = new FilePieces();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let [bytes, pieces, lines] = [0, 0, 0];
  let columns: Columns | null = null;
  const store = async (piece: Piece): Promise<FileFault | null> => {
    let body: string;
    try {
      body = decoder.decode(piece.bytes);
    } catch {
      return 'FILE_NOT_TEXT';
    }
    if (pieces === 0 && upload.format === 'CSV') {
      columns = columnsOf(body.slice(0, body.search(/\r?\n|$/)));
      if (columns === null) return 'HEADER_INVALID';
    }
    await storePiece(database, upload, pieces, piece.firstLine, body);
    pieces += 1;
    lines += piece.lines;
    return null;
  };
  try {
    for await (const block of blocks) {
      bytes += block.length;
      if (bytes > MOST_FILE_BYTES) return { kind: 'refused', code: 'FILE_TOO_LARGE' };
      for (const piece of cutter.take(block)) {
        const fault = await store(piece);
        if (fault !== null) return { kind: 'refused', code: fault };
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'refused', code: 'FILE_NOT_TEXT' };
    throw error;
  }
  for (const piece of cutter.end()) {
    const fault = await store(piece);
    if (fault !== null) return { kind: 'refused', code: fault };
  }
  return lines === 0 ? { kind: 'refused', code: 'FILE_EMPTY' } : { kind: 'stored', columns, bytes, pieces, lines: upload.format === 'CSV' ? lines - 1 : lines };
}

/** Zero bytes are legal in UTF-8 and not in PostgreSQL's text: they are kept as the sign for what cannot be shown, and their SKU is unknown. */
const storePiece = (database: SubgraphDeps['database'], { tenantId, importId, upload }: Upload, n: number, firstLine: number, body: string): Promise<unknown> =>
  database.write(tenantId, 'store-stock-piece', (em) => em.execute(
    'insert into stock_import_piece (import_id, n, tenant_id, first_line, body) select id, ?, tenant_id, ?, ? from stock_import where id = ? and upload = ?', [n, firstLine, body.replaceAll('\0', '\uFFFD'), importId, upload]));
