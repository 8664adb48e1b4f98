import type { EntityManager } from '@mikro-orm/postgresql';
import type { Floor } from '../../domain/floor-price.js';
import type { OrderLineRow } from '../../entities/order-line.entity.js';
import { FLOORS } from './judge-prices.js';

/**
 * Fills in the SKUs of lines that have none: by the channel's mapping, else by our own SKU code.
 * Answers the channel's names that nobody knows yet.
 */
export async function resolveSkus(em: EntityManager, tenantId: string, connectionId: string, lines: readonly OrderLineRow[]): Promise<string[]> {
  await fillIn(em, tenantId, connectionId, lines);
  const unknown = unknownNames(lines);
  if (unknown.length === 0) return [];
  // A mapping may be on its way in at this moment and not see these lines: who comes second looks again.
  await lockSkuNames(em, tenantId, unknown);
  await fillIn(em, tenantId, connectionId, lines);
  return unknownNames(lines);
}

/** Serialises "a line waits for this name" with "this name is mapped". In one order, so that two do not deadlock. */
export async function lockSkuNames(em: EntityManager, tenantId: string, names: readonly string[]): Promise<void> {
  for (const name of [...names].sort()) await em.execute("select pg_advisory_xact_lock(hashtext('orders.sku-name'), hashtext(?))", [`${tenantId}/${name}`]);
}

const unknownNames = (lines: readonly OrderLineRow[]): string[] => [...new Set(lines.filter((line) => line.skuId === null).map((line) => line.externalSku))];

async function fillIn(em: EntityManager, tenantId: string, connectionId: string, lines: readonly OrderLineRow[]): Promise<void> {
  const skuIds = await skuIdsOf(em, tenantId, unknownNames(lines).map((name) => ({ connectionId, name })));
  for (const line of lines) line.skuId ??= skuIds.get(nameKey(connectionId, line.externalSku))?.skuId ?? null;
}

/** Our SKUs by nameKey() of a channel's name for them. */
export type SkuNames = ReadonlyMap<string, KnownSku>;
export interface KnownSku { readonly skuId: string; /** Below which it is not to be sold. */ readonly floors: readonly Floor[] | null }

export const nameKey = (connectionId: string, name: string): string => `${connectionId}/${name}`;

/** The SKUs that these channels' names stand for, as far as they are known, in one statement. */
export async function skuIdsOf(em: EntityManager, tenantId: string, wanted: readonly { readonly connectionId: string; readonly name: string }[]): Promise<SkuNames> {
  const names = [...new Map(wanted.map((one) => [nameKey(one.connectionId, one.name), one])).values()];
  if (names.length === 0) return new Map();
  const rows = await em.execute<{ connection_id: string; name: string; sku_id: string; floors: Floor[] | null }[]>(
    // The channel's own mapping wins over a SKU code of ours.
    `select w."connectionId" as connection_id, w.name, coalesce(m.sku_id, k.sku_id) as sku_id,
       (select ${FLOORS} from floor_price f where f.tenant_id = ? and f.sku_id = coalesce(m.sku_id, k.sku_id) and f.amount_minor is not null) as floors
     from jsonb_to_recordset(?::jsonb) w ("connectionId" text, name text)
     left join channel_sku m on m.tenant_id = ? and m.connection_id = w."connectionId" and m.external_sku = w.name
     left join known_sku k on k.tenant_id = ? and k.code = w.name
     where coalesce(m.sku_id, k.sku_id) is not null`,
    [tenantId, JSON.stringify(names), tenantId, tenantId]);
  return new Map(rows.map((row) => [nameKey(row.connection_id, row.name), { skuId: row.sku_id, floors: row.floors }]));
}
