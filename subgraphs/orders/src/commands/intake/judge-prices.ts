import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, floorPriceChanged } from '@quanyu/events';
import { linesBelowFloor, type Floor } from '../../domain/floor-price.js';
import type { OrderLineRow } from '../../entities/order-line.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { raiseException, resolveExceptions } from '../life/exceptions.js';
import type { Change } from '../life/timeline.js';

/** Floors by SKU; those of a SKU without any are not in it. */
export type Floors = ReadonlyMap<string, readonly Floor[]>;

/** Flags an order whose lines sell below their floors: it is not shipped until a person has agreed. */
export async function judgePrices(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], floors: Floors, change: Change): Promise<void> {
  const below = floors.size === 0 ? [] : linesBelowFloor(order, lines, (skuId) => floors.get(skuId) ?? []);
  if (below.length > 0) return raiseException(em, order, 'PRICE_BELOW_FLOOR', below, change);
  await resolveExceptions(em, order, ['PRICE_BELOW_FLOOR'], change);
}

/** The floors of these lines' SKUs, in one statement. */
export async function floorsOf(em: EntityManager, tenantId: string, lines: readonly Pick<OrderLineRow, 'skuId'>[]): Promise<Floors> {
  const skuIds = [...new Set(lines.flatMap(({ skuId }) => skuId ?? []))];
  if (skuIds.length === 0) return new Map();
  const rows = await em.execute<{ skuId: string; floors: Floor[] }[]>(
    `select sku_id as "skuId", ${FLOORS} as floors from floor_price f where f.tenant_id = ? and f.sku_id = any (?::text[]) and f.amount_minor is not null group by sku_id`, [tenantId, `{${skuIds.map((id) => JSON.stringify(id)).join(',')}}`]);
  return new Map(rows.map(({ skuId, floors }) => [skuId, floors]));
}

/** SQL of what is known of the rows of `floor_price f`, as JSON. */
export const FLOORS = "jsonb_agg(jsonb_build_object('connectionId', nullif(f.connection_id, ''), 'currency', f.currency, 'amountMinor', f.amount_minor))";

/** Keeps a floor as the catalog tells it; one older than what is known is dropped. Orders that were taken before stay as they are. */
export async function learnFloor(em: EntityManager, tenantId: string, { skuId, connectionId, currency, amountMinor }: EventOf<typeof floorPriceChanged>['data'], sequence: number): Promise<void> {
  await em.execute(
    `insert into floor_price (tenant_id, sku_id, connection_id, currency, amount_minor, sequence) values (?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, sku_id, connection_id, currency) do update set amount_minor = excluded.amount_minor, sequence = excluded.sequence where floor_price.sequence < excluded.sequence`,
    [tenantId, skuId, connectionId ?? '', currency, amountMinor, sequence]);
}
