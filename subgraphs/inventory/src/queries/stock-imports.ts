import type { Database } from '@quanyu/database';
import type { Vault } from '@quanyu/pii';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { csvField } from '../domain/import-rows.js';
import { StockImport, type StockImportRow } from '../entities/stock-import.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;

export const stockImportPage = (ctx: GraphContext, page: PageRequest): Promise<Page<StockImportRow>> => keysetPage<StockImportRow>(
  page,
  (bounds, orderBy, limit) => ctx.read((em) => em.find(StockImport, { tenantId: ctx.viewer.tenantId, ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
  () => ctx.read((em) => em.count(StockImport, { tenantId: ctx.viewer.tenantId })));

export const stockImportById = defineLoader<string, StockImportRow>(async (ctx, ids) => {
  const imports = await ctx.read((em) => em.find(StockImport, { tenantId: ctx.viewer.tenantId, id: { $in: ids as never } }, READ_ONLY));
  return new Map(imports.map((each) => [each.id, each]));
});

/** What a link lets its holder do. */
export type LinkPurpose = 'upload' | 'refused';
const LINK_HOURS = { upload: 24, refused: 7 * 24 } as const satisfies Record<LinkPurpose, number>;

/** A link to the door for files: sealed, so that only we can have made it, for one import and one purpose, until its end. */
export const stockImportPath = (vault: Vault, { tenantId, id }: { readonly tenantId: string; readonly id: string }, purpose: LinkPurpose, now: Date): string => {
  const seal = vault.seal(String(now.getTime() + LINK_HOURS[purpose] * 3_600_000), { tenantId, row: id, field: purpose });
  return `/stock-imports/${id}/${purpose === 'upload' ? 'file' : 'refused.csv'}?link=${seal}`;
};

/** The tenant whose import a link is good for; null when it is not. Asked as the system role: the tenant is what we look for. */
export async function importOfLink(database: Pick<Database, 'system'>, vault: Vault, id: string, purpose: LinkPurpose, link: string, now: Date): Promise<string | null> {
  const { rows: [row] } = await database.system.query<{ tenantId: string }>('select tenant_id as "tenantId" from stock_import where id = $1', [id]);
  if (row === undefined) return null;
  try {
    return Number(vault.open(link, { tenantId: row.tenantId, row: id, field: purpose })) > now.getTime() ? row.tenantId : null;
  } catch {
    return null;
  }
}

const PAGE = 1_000;

/** The refused rows of an import as a CSV file, page by page: as large as it may be, little of it is in memory. */
export async function* refusedRowsCsv(database: Pick<Database, 'read'>, tenantId: string, importId: string): AsyncGenerator<string> {
  yield 'line,code,text\r\n';
  for (let after = 0; ;) {
    const rows = await database.read(tenantId, (em) => em.execute<{ line: number; code: string; text: string }[]>(
      `select line, code, text from stock_import_refusal where tenant_id = ? and import_id = ? and line > ? order by line limit ${PAGE}`, [tenantId, importId, after]));
    if (rows.length > 0) yield rows.map(({ line, code, text }) => `${line},${code},${csvField(text)}\r\n`).join('');
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.line;
  }
}
