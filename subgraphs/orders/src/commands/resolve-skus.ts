import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrderLineRow } from '../entities/order-line.entity.js';

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
  const names = unknownNames(lines);
  if (names.length === 0) return;
  const marks = names.map(() => '?').join(', ');
  const rows = await em.execute<{ name: string; sku_id: string }[]>(
    `select external_sku as name, sku_id, 0 as rank from channel_sku where tenant_id = ? and connection_id = ? and external_sku in (${marks})
     union all
     select code as name, sku_id, 1 as rank from known_sku where tenant_id = ? and code in (${marks})
     order by rank desc`,
    [tenantId, connectionId, ...names, tenantId, ...names]);
  // The channel's own mapping comes last and wins.
  const skuOf = new Map(rows.map((row) => [row.name, row.sku_id]));
  for (const line of lines) line.skuId ??= skuOf.get(line.externalSku) ?? null;
}
