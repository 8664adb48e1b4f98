import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '@quanyu/subgraph';
import { changeStock, type StockChanged } from '../levels/change-stock.js';

/** An activity with units of its own: a live room, a flash sale. */
export interface Bucket {
  readonly tenantId: string;
  /** The activity's id, or a name that the caller gives. */
  readonly bucket: string;
  readonly name: string;
  /** Units of one SKU that one member may hold or buy; null for no limit. */
  readonly perMemberLimit: number | null;
  readonly startsAt: Date | null;
  /** After it nothing is sold, and what is left returns. */
  readonly endsAt: Date | null;
}

/** Opens a bucket; empty, until units are moved into it. */
export async function openBucket(em: EntityManager, { tenantId, bucket, name, perMemberLimit, startsAt, endsAt }: Bucket): Promise<{ readonly kind: 'opened' } | Refusal<'BUCKET_EXISTS'>> {
  const rows = await em.execute<unknown[]>(
    'insert into stock_bucket (tenant_id, bucket, name, per_member_limit, starts_at, ends_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing returning 1',
    [tenantId, bucket, name, perMemberLimit, startsAt, endsAt]);
  return rows.length === 0 ? refuse('BUCKET_EXISTS', 'bucket') : { kind: 'opened' };
}

interface Move { readonly skuId: string; readonly locationId: string; readonly quantity: number }

/** Sets free units aside for a bucket, by a transfer between two levels. */
export const fillBucket = (em: EntityManager, { tenantId, bucket, actor, moves }: { readonly tenantId: string; readonly bucket: string; readonly actor: string; readonly moves: readonly Move[] }): Promise<StockChanged[]> =>
  changeStock(em, { tenantId, changes: moves.map((move) => ({ ...move, reason: 'TRANSFER', to: { bucket }, reference: bucket, actor })) });

/** Ends a bucket at once and returns what is free in it; what is held there returns when it is given back. */
export async function closeBucket(em: EntityManager, { tenantId, bucket, actor }: { readonly tenantId: string; readonly bucket: string; readonly actor: string }): Promise<StockChanged[]> {
  await em.execute('update stock_bucket set closed_at = coalesce(closed_at, app_now()) where tenant_id = ? and bucket = ?', [tenantId, bucket]);
  const levels = await em.execute<{ sku_id: string; location_id: string }[]>('select sku_id, location_id from stock_level where tenant_id = ? and bucket = ? order by sku_id, id', [tenantId, bucket]);
  return changeStock(em, { tenantId, changes: levels.map((level) => ({ skuId: level.sku_id, locationId: level.location_id, bucket, reason: 'TRANSFER', quantity: 'ALL', to: {}, reference: bucket, actor })) });
}
