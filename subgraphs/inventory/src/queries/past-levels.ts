import { keysetPage, type GraphContext, type Page, type PageRequest } from '@quanyu/subgraph';
import type { LevelFilter } from './stock-levels.js';

export interface PastLevel {
  readonly id: string;
  readonly skuId: string;
  readonly locationId: string;
  readonly bucket: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly unavailable: number;
  readonly incoming: number;
  readonly allowance: number;
  readonly deficit: number;
}

const QUANTITIES = ['on_hand', 'reserved', 'unavailable', 'incoming', 'allowance', 'deficit'];
const NAMES: Record<string, string> = { on_hand: 'onHand' };

/** What levels were at a time, added up from the newest checkpoint before it and the movements since; one statement a page. */
export const pastLevelPage = (ctx: GraphContext, asOf: Date, filter: Omit<LevelFilter, 'inDeficit'>, page: PageRequest): Promise<Page<PastLevel>> => {
  const { tenantId } = ctx.viewer;
  const list = (ids: readonly string[] | undefined): string | null => (ids === undefined ? null : JSON.stringify(ids));
  const where = `l.tenant_id = ? and (?::jsonb is null or l.sku_id in (select jsonb_array_elements_text(?::jsonb)))
    and (?::jsonb is null or l.location_id in (select jsonb_array_elements_text(?::jsonb))) and (?::text is null or l.bucket = ?)`;
  const params = [tenantId, list(filter.skuIds), list(filter.skuIds), list(filter.locationIds), list(filter.locationIds), filter.bucket ?? null, filter.bucket ?? null];
  const at = asOf.toISOString();
  return keysetPage<PastLevel>(page,
    ({ id = {} }, orderBy, limit) => ctx.read((em) => em.execute<PastLevel[]>(
      `select l.id, l.sku_id as "skuId", l.location_id as "locationId", l.bucket, ${QUANTITIES.map((name) => `(coalesce(c.${name}, 0) + m.${name})::int as "${NAMES[name] ?? name}"`).join(', ')}
       from (select l.id, l.sku_id, l.location_id, l.bucket from stock_level l where ${where} and (?::text is null or l.id < ?) and (?::text is null or l.id > ?) order by l.id ${orderBy.id} limit ?) l
       left join lateral (select * from stock_checkpoint c where c.stock_level_id = l.id and c.at <= ? order by c.at desc, c.sequence desc limit 1) c on true
       cross join lateral (
         select ${QUANTITIES.map((name) => `coalesce(sum(m.${name}), 0) as ${name}`).join(', ')}
         from stock_movement m where m.stock_level_id = l.id and m.at <= ? and (c.sequence is null or m.sequence > c.sequence)
       ) m
       order by l.id ${orderBy.id}`,
      [...params, id.$lt ?? null, id.$lt ?? null, id.$gt ?? null, id.$gt ?? null, limit, at, at])),
    () => ctx.read(async (em) => {
      const [row] = await em.execute<{ count: number }[]>(`select count(*)::int as count from stock_level l where ${where}`, params);
      return row!.count;
    }));
};
