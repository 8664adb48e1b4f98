import type pg from 'pg';
import { MAIN_BUCKET } from '../../domain/available.js';
import type { Held } from '../../domain/outcome.js';
import { idOf } from '../seed.js';
import type { AskEntry } from './ask.js';

/**
 * One ask that is alone, as one guarded statement: the UPDATE takes the units only if they are there, and all rows hang
 * on it. It takes only what is plain (one location, an unknown key, nothing lapsed) and leaves all else to the batch.
 */
const RESERVE_ONE = `
  with level as (
    update stock_level l set reserved = l.reserved + $4::int, version = l.version + 1, updated_at = app_now()
    where l.tenant_id = $1 and l.sku_id = $2 and l.bucket = '${MAIN_BUCKET}' and l.on_hand - l.unavailable + l.allowance - l.reserved >= $4::int
      and not exists (select from stock_level o where o.tenant_id = $1 and o.sku_id = $2 and o.bucket = '${MAIN_BUCKET}' and o.id <> l.id)
      and not exists (select from reservation_line due where due.stock_level_id = l.id and due.expires_at <= app_now())
      and not exists (select from reservation r where r.tenant_id = $1 and r.key = $3)
    returning l.*
  ), held as (
    insert into reservation (id, tenant_id, key, state, request_hash, bucket, expires_at, created_at)
    select $6, tenant_id, $3, 'HELD', $7, bucket, app_now() + $5::int * interval '1 second', app_now() from level
    returning expires_at
  ), line as (
    insert into reservation_line (reservation_id, stock_level_id, tenant_id, sku_id, quantity, open, expires_at)
    select $6, id, tenant_id, sku_id, $4, $4, app_now() + $5::int * interval '1 second' from level
  ), moved as (
    insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved, reservation_id)
    select $8, tenant_id, id, version, 'RESERVED', $4, $6 from level
  ), told as (
    insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id, causation_id, traceparent)
    select event_id, tenant_id, type, subject, sequence, data, coalesce($11, event_id), cause_id($12), cause_trace($12) from (
      select $9::text as event_id, tenant_id, 'inventory.stock-level-changed.v1' as type, id as subject, version as sequence,
        jsonb_build_object('stockLevelId', id, 'skuId', sku_id, 'locationId', location_id, 'bucket', bucket, 'onHand', on_hand, 'reserved', reserved,
          'available', greatest(0, on_hand - unavailable - reserved)) as data from level
      union all
      select $10::text, tenant_id, 'inventory.stock-reserved.v1', $3, 1,
        jsonb_build_object('orderId', $3::text, 'reservationId', $6::text, 'lines', jsonb_build_array(jsonb_build_object('skuId', sku_id, 'quantity', $4::int, 'locationId', location_id)))
      from level where $10 is not null
    ) both_events
  )
  select expires_at, pg_current_xact_id_if_assigned()::text as xid from held`;

/** Holds one line; null where this statement does not decide it. */
export async function reserveOne(client: Pick<pg.ClientBase, 'query'>, seed: string, { asked, correlationId, cause }: AskEntry): Promise<{ readonly outcome: Held; readonly xid: string } | null> {
  const [line] = asked.lines;
  if (asked.lines.length !== 1 || asked.bucket !== MAIN_BUCKET || asked.late) return null;
  const reservationId = idOf('rsv', seed, 1);
  const { rows: [row] } = await client.query<{ expires_at: Date | null; xid: string }>({
    name: 'reserve-one', text: RESERVE_ONE,
    values: [
      asked.tenantId, line!.skuId, asked.key, line!.quantity, asked.holdSeconds, reservationId, asked.hash, idOf('mov', seed, 1),
      idOf('evt', seed, 0), asked.tells === 'nobody' ? null : idOf('evt', seed, 1), correlationId, cause,
    ],
  });
  return row === undefined ? null : { xid: row.xid, outcome: { kind: 'held', reservationId, state: 'HELD', expiresAt: row.expires_at, replay: false, shortages: [] } };
}
