import type { EntityManager } from '@mikro-orm/postgresql';
import type { BucketCount } from '../domain/spread-difference.js';
import type { KnownHere, OutsideFigure } from '../domain/follow-outside.js';

/** Our side of one SKU at a location that follows a system outside. */
export interface OutsideView extends KnownHere {
  readonly skuId: string;
  readonly ours: number;
  readonly buckets: readonly (BucketCount & { readonly id: string })[];
  /** What others than shipments have changed since we last agreed; null when we never did. */
  readonly changedHere: number | null;
  readonly lastTakenAt: string | null;
}

export interface Told { readonly skuId: string; readonly theirs: number; readonly takenAt: string }

/** What we know of SKUs beside figures taken at given times. One statement; the caller has locked the levels. */
export function outsideViews(em: EntityManager, tenantId: string, at: { readonly locationId: string; readonly connectionId: string; readonly figure: OutsideFigure }, told: readonly Told[]): Promise<OutsideView[]> {
  return em.execute<OutsideView[]>(
    `select t."skuId", coalesce(here.ours, 0)::float8 as ours, coalesce(here.buckets, '[]') as buckets,
       case when f.agreed_versions is not null then coalesce(others.units, 0)::float8 end as "changedHere",
       coalesce(shipped.units, 0)::float8 as "shippedUnseen", coalesce(held.seen, 0)::float8 as "heldSeen", f.taken_at::text as "lastTakenAt"
     from jsonb_to_recordset(?::jsonb) as t ("skuId" text, "takenAt" timestamptz)
     left join outside_figure f on f.location_id = ? and f.sku_id = t."skuId"
     left join lateral (
       select sum(l.on_hand) as ours, jsonb_agg(jsonb_build_object('id', l.id, 'bucket', l.bucket, 'onHand', l.on_hand)) as buckets, array_agg(l.id) as ids
       from stock_level l where l.tenant_id = ? and l.sku_id = t."skuId" and l.location_id = ?
     ) here on true
     left join lateral (
       select sum(m.on_hand) as units from unnest(here.ids) as l (id)
       join stock_movement m on m.stock_level_id = l.id and m.sequence > coalesce((f.agreed_versions ->> l.id)::bigint, 0) and m.reason <> 'CONSUMED'
     ) others on f.agreed_versions is not null
     left join lateral (
       -- Shipped after they counted. Of an available figure, orders that they had taken off already are not taken off again.
       select -sum(m.on_hand) as units from stock_movement m
       where m.stock_level_id = any (here.ids) and m.reason = 'CONSUMED' and m.at > t."takenAt" and (? = 'ON_HAND' or not exists (
         select from reservation r join outside_order o on o.tenant_id = r.tenant_id and o.reservation_key = r.key and o.connection_id = ?
         where r.id = m.reservation_id and o.acknowledged_at <= t."takenAt"))
     ) shipped on true
     left join lateral (
       select sum(line.open) as seen from reservation_line line
       join reservation r on r.id = line.reservation_id
       join outside_order o on o.tenant_id = r.tenant_id and o.reservation_key = r.key and o.connection_id = ? and o.acknowledged_at <= t."takenAt"
       where line.stock_level_id = any (here.ids) and line.open > 0
     ) held on ? = 'AVAILABLE'
     order by t."skuId"`,
    [JSON.stringify(told), at.locationId, tenantId, at.locationId, at.figure, at.connectionId, at.connectionId, at.figure]);
}
