import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit, databaseOf } from '@quanyu/database';
import { ringBell } from '@quanyu/outbox';
import type { ChangeReason } from '../../domain/movement-reasons.js';
import { currentCause } from '../cause.js';
import { newSeed } from '../seed.js';

export interface Place { readonly skuId: string; readonly locationId: string; readonly bucket: string }

export interface LockedLevel extends Place {
  readonly id: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly unavailable: number;
  readonly allowance: number;
  readonly deficit: number;
}

/** Holds given back at once when levels are locked; more of them wait for the engine. */
const MOST_LAPSED = 4_000;

/**
 * Locks all buckets of SKUs at locations in the engine's order, so that what is read is what is changed. The places named
 * are there afterwards; holds past their end are not counted any more.
 */
export async function lockLevels(em: EntityManager, tenantId: string, places: readonly Place[]): Promise<LockedLevel[]> {
  const wanted = JSON.stringify(places);
  await em.execute(
    `insert into stock_level (id, tenant_id, sku_id, location_id, bucket, on_hand)
     select id_of('stk', ?, row_number() over (order by "skuId", "locationId", bucket)), ?, "skuId", "locationId", bucket, 0
     from (select distinct p."skuId", p."locationId", p.bucket from jsonb_to_recordset(?::jsonb) as p ("skuId" text, "locationId" text, bucket text)
       join location o on o.id = p."locationId" and o.tenant_id = ?
       where not exists (select from stock_level l where (l.tenant_id, l.sku_id, l.location_id, l.bucket) = (?, p."skuId", p."locationId", p.bucket))) missing
     order by "skuId", "locationId", bucket on conflict do nothing`, [newSeed(), tenantId, wanted, tenantId, tenantId]);
  const locked = await em.execute<{ id: string }[]>(
    `select l.id from (select distinct p."skuId", p."locationId" from jsonb_to_recordset(?::jsonb) as p ("skuId" text, "locationId" text)) place
     join stock_level l on l.tenant_id = ? and l.sku_id = place."skuId" and l.location_id = place."locationId"
     order by l.tenant_id, l.sku_id, l.id for no key update of l`, [wanted, tenantId]);
  if (locked.length === 0) return [];
  const ids = JSON.stringify(locked.map(({ id }) => id));
  await em.execute(`select lapse(?, array(select jsonb_array_elements_text(?::jsonb)), ${MOST_LAPSED})`, [newSeed(), ids]);
  return em.execute<LockedLevel[]>(
    `select id, sku_id as "skuId", location_id as "locationId", bucket, on_hand as "onHand", reserved, unavailable, allowance, deficit
     from stock_level where id in (select jsonb_array_elements_text(?::jsonb)) order by sku_id, id`, [ids]);
}

/** Changes what is on hand at many locked levels, each with its movement: one call, however many. A level comes once. */
export async function changeCounts(em: EntityManager, change: {
  readonly tenantId: string; readonly reason: ChangeReason; readonly reference: string; readonly actor: string; readonly note?: string | null;
  readonly levels: readonly { readonly id: string; readonly by: number }[];
}): Promise<void> {
  if (change.levels.length === 0) return;
  const { correlationId, cause } = currentCause();
  const [row] = await em.execute<{ xid: string | null }[]>(
    'select change_counts(?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)::text as done, pg_current_xact_id_if_assigned()::text as xid',
    [newSeed(), change.tenantId, change.reason, JSON.stringify(change.levels), change.reference, change.actor, change.note ?? null, correlationId, cause]);
  const xid = row?.xid ?? null;
  if (xid !== null) afterCommit(em, () => ringBell(databaseOf(em), BigInt(xid)));
}
