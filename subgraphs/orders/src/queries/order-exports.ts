import type { Database } from '@quanyu/database';
import type { Vault } from '@quanyu/pii';
import { defineLoader, keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import { OrderExport, type OrderExportRow } from '../entities/order-export.entity.js';

const READ_ONLY = { disableIdentityMap: true } as const;
const LINK_MINUTES = 15;

/** Exports that the viewer has asked for; who sees all channels sees those of everybody. */
const visible = ({ viewer }: GraphContext): object => ({ tenantId: viewer.tenantId, ...(viewer.channels !== 'all' && { askedBy: viewer.subjectId }) });

export const orderExportPage = (ctx: GraphContext, page: PageRequest): Promise<Page<OrderExportRow>> => keysetPage<OrderExportRow>(
  page,
  (bounds, orderBy, limit) => ctx.read((em) => em.find(OrderExport, { ...visible(ctx), ...bounds } as object, { ...READ_ONLY, orderBy, limit })),
  () => ctx.read((em) => em.count(OrderExport, visible(ctx))));

export const orderExportById = defineLoader<string, OrderExportRow>(async (ctx, ids) => {
  const rows = await ctx.read((em) => em.find(OrderExport, { ...visible(ctx), id: { $in: ids as never } } as object, READ_ONLY));
  return new Map(rows.map((row) => [row.id, row]));
});

/** A link to the file: sealed, so that only we can have made it, and over soon; each look at the export gives a new one. */
export const exportPath = (vault: Vault, { tenantId, id }: Pick<OrderExportRow, 'tenantId' | 'id'>, now: Date): string =>
  `/order-exports/${id}/orders.csv?link=${vault.seal(String(now.getTime() + LINK_MINUTES * 60_000), { tenantId, row: id, field: 'exportLink' })}`;

/** The tenant whose export a link is good for; null when it is not. Asked as the system role: the tenant is what we look for. */
export async function exportOfLink(database: Pick<Database, 'system'>, vault: Vault, id: string, link: string, now: Date): Promise<string | null> {
  const { rows: [row] } = await database.system.query<{ tenantId: string }>("select tenant_id as \"tenantId\" from order_export where id = $1 and state = 'DONE'", [id]);
  if (row === undefined) return null;
  try {
    return Number(vault.open(link, { tenantId: row.tenantId, row: id, field: 'exportLink' })) > now.getTime() ? row.tenantId : null;
  } catch {
    return null;
  }
}

/** The file, part by part: as large as it may be, little of it is in memory. */
export async function* exportParts(database: Pick<Database, 'read'>, tenantId: string, exportId: string): AsyncGenerator<string> {
  for (let place = 0; ; place += 1) {
    const [part] = await database.read(tenantId, (em) => em.execute<{ body: string }[]>('select body from order_export_part where export_id = ? and place = ?', [exportId, place]));
    if (part === undefined) return;
    yield part.body;
  }
}
