import { keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { MovementReason } from '../domain/movement-reasons.js';
import { StockMovement, type StockMovementRow } from '../entities/stock-movement.entity.js';

export interface MovementFilter {
  readonly skuIds?: readonly string[] | undefined;
  readonly locationIds?: readonly string[] | undefined;
  readonly reasons?: readonly MovementReason[] | undefined;
  readonly reservationId?: string | undefined;
  readonly reference?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

const list = (values: readonly string[] | undefined): string | null => (values === undefined ? null : JSON.stringify(values));

/** The journal, newest first; one statement a page. */
export const movementPage = (ctx: GraphContext, filter: MovementFilter, page: PageRequest): Promise<Page<StockMovementRow>> => {
  const conditions: [sql: string, params: readonly unknown[]][] = [['m.tenant_id = ?', [ctx.viewer.tenantId]]];
  if (filter.skuIds !== undefined || filter.locationIds !== undefined) {
    conditions.push([
      `m.stock_level_id in (select l.id from stock_level l where l.tenant_id = ?
        and (?::jsonb is null or l.sku_id in (select jsonb_array_elements_text(?::jsonb))) and (?::jsonb is null or l.location_id in (select jsonb_array_elements_text(?::jsonb))))`,
      [ctx.viewer.tenantId, list(filter.skuIds), list(filter.skuIds), list(filter.locationIds), list(filter.locationIds)],
    ]);
  }
  if (filter.reasons !== undefined) conditions.push(['m.reason in (select jsonb_array_elements_text(?::jsonb))', [list(filter.reasons)]]);
  if (filter.reservationId !== undefined) {
    // By the levels of its lines: the journal has no index for one reservation, and its lines have one.
    conditions.push(['m.reservation_id = ? and m.stock_level_id in (select stock_level_id from reservation_line where reservation_id = ?)', [filter.reservationId, filter.reservationId]]);
  }
  if (filter.reference !== undefined) conditions.push(['m.reference = ?', [filter.reference]]);
  if (filter.from !== undefined) conditions.push(['m.at >= ?', [filter.from.toISOString()]]);
  if (filter.until !== undefined) conditions.push(['m.at < ?', [filter.until.toISOString()]]);
  const where = conditions.map(([sql]) => sql).join(' and ');
  const params = conditions.flatMap(([, values]) => values);
  return keysetPage<StockMovementRow>(page,
    ({ id = {} }, orderBy, limit) => ctx.read(async (em) => {
      const rows = await em.execute<object[]>(
        `select m.* from stock_movement m where ${where} and (?::text is null or m.id < ?) and (?::text is null or m.id > ?) order by m.id ${orderBy.id} limit ?`,
        [...params, id.$lt ?? null, id.$lt ?? null, id.$gt ?? null, id.$gt ?? null, limit]);
      return rows.map((row) => em.map(StockMovement, row as never) as StockMovementRow);
    }),
    () => ctx.read(async (em) => {
      const [row] = await em.execute<{ count: number }[]>(`select count(*)::int as count from stock_movement m where ${where}`, [...params]);
      return row!.count;
    }));
};
