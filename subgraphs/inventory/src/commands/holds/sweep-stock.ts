import type { Database } from '@quanyu/database';
import { changeStock } from '../levels/change-stock.js';
import { engineOf } from '../engine/engine.js';

const LEVELS_A_CALL = 200;

/** Gives back holds that have ended, for who waits to hear of it: truth needs no sweeper, since admission and reads look at the end themselves. */
export async function sweepLapsed(database: Database): Promise<void> {
  while ((await engineOf(database).lapse(LEVELS_A_CALL)) > 0);
}

/** Returns what is left in buckets past their end to everybody's stock. What is still held there follows when it is given back. */
export async function returnEndedBuckets(database: Database): Promise<void> {
  const { rows } = await database.system.query<{ tenant_id: string; sku_id: string; location_id: string; bucket: string }>(
    `select l.tenant_id, l.sku_id, l.location_id, l.bucket from stock_bucket b join stock_level l on l.tenant_id = b.tenant_id and l.bucket = b.bucket
     where (b.closed_at is not null or b.ends_at <= app_now()) and l.on_hand - l.unavailable - l.reserved + lapsed_units(l.id) > 0
     order by l.tenant_id, l.sku_id limit 1000`);
  for (const tenantId of new Set(rows.map((row) => row.tenant_id))) {
    const changes = rows.filter((row) => row.tenant_id === tenantId).map((row) => (
      { skuId: row.sku_id, locationId: row.location_id, bucket: row.bucket, reason: 'TRANSFER', quantity: 'ALL', to: {}, reference: row.bucket, actor: 'inventory.sweep-stock' } as const));
    await database.write(tenantId, 'return-bucket-stock', (em) => changeStock(em, { tenantId, changes }));
  }
}
