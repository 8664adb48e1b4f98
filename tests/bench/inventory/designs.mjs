// The ways to hold stock that the engine is compared with. Each writes the same rows: reservation, line, movement, level,
// and two events, in plain SQL; and each is idempotent by the key of the reservation.
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@quanyu/ids';
import { Redis } from 'ioredis';
import pg from 'pg';

const levelData = `jsonb_build_object('stockLevelId', id, 'skuId', sku_id, 'locationId', location_id, 'bucket', bucket, 'onHand', on_hand, 'reserved', reserved, 'available', on_hand - reserved)`;

/** All rows of one granted ask, from a CTE `level` that has the changed levels with their `quantity`. */
const WRITES = `held as (
    insert into reservation (id, tenant_id, key, state, request_hash, expires_at) select $3, $1, $2, 'HELD', 'bench', app_now() + interval '15 minutes' from (select from level limit 1) one
  ), line as (
    insert into reservation_line (reservation_id, stock_level_id, tenant_id, sku_id, quantity, open, expires_at)
    select $3, id, tenant_id, sku_id, quantity, quantity, app_now() + interval '15 minutes' from level
  ), moved as (
    insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved, reservation_id) select 'mov' || substr(gen_random_uuid()::text, 1, 27), tenant_id, id, version, 'RESERVED', quantity, $3 from level
  ), told as (
    insert into outbox (event_id, tenant_id, type, subject, sequence, data, correlation_id)
    select 'evt' || substr(gen_random_uuid()::text, 1, 27), tenant_id, 'inventory.stock-level-changed.v1', id, version, ${levelData}, $2 from level
    union all
    select 'evt' || substr(gen_random_uuid()::text, 1, 27), $1, 'inventory.stock-reserved.v1', $2, 1,
      jsonb_build_object('orderId', $2::text, 'reservationId', $3::text, 'lines', jsonb_agg(jsonb_build_object('skuId', sku_id, 'quantity', quantity))), $2 from level having count(*) > 0
  )`;

const GUARDED_ONE = `with level as (
    update stock_level set reserved = reserved + $5::int, version = version + 1, updated_at = app_now()
    where tenant_id = $1 and sku_id = $4 and bucket = 'MAIN' and on_hand - unavailable - reserved >= $5::int returning *, $5::int as quantity
  ), ${WRITES} select count(*)::int as yes from level`;

const GUARDED_MANY = `with wish as (select * from unnest($4::text[], $5::int[]) w (sku, quantity)), locked as (
    select l.id, w.quantity, l.on_hand - l.unavailable - l.reserved >= w.quantity as fits from stock_level l join wish w on l.sku_id = w.sku
    where l.tenant_id = $1 and l.bucket = 'MAIN' order by l.tenant_id, l.sku_id, l.id for no key update of l
  ), level as (
    update stock_level l set reserved = l.reserved + locked.quantity, version = l.version + 1, updated_at = app_now() from locked
    where l.id = locked.id and (select bool_and(fits) and count(*) = (select count(*) from wish) from locked) returning l.*, locked.quantity
  ), ${WRITES} select count(*)::int as yes from level`;


const pool = (url, max, over = {}) => new pg.Pool({ connectionString: url, max, ...over });

/** (a) BEGIN, SELECT FOR UPDATE, decide in the application, write, COMMIT: five round trips under the row lock. */
export function forUpdate({ url, tenantId, size = 8 }) {
  const connections = pool(url, size);
  const writeAll = `with level as (
      select l.*, w.quantity from unnest($4::text[], $5::int[], $6::bigint[], $7::int[]) w (sku, quantity, version, reserved) cross join lateral
        (select id, tenant_id, sku_id, location_id, bucket, on_hand, w.reserved as reserved, w.version as version from stock_level where tenant_id = $1 and sku_id = w.sku and bucket = 'MAIN') l
    ), ${WRITES} select 1`;
  return {
    ask: async ({ key, lines }) => {
      const client = await connections.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query({ name: 'lock', text: `select sku_id, id, on_hand - unavailable - reserved as free, reserved, version from stock_level where tenant_id = $1 and sku_id = any ($2) and bucket = 'MAIN' order by tenant_id, sku_id, id for update`, values: [tenantId, lines.map(({ skuId }) => skuId)] });
        const bySku = new Map(rows.map((row) => [row.sku_id, row]));
        if (lines.some(({ skuId, quantity }) => (bySku.get(skuId)?.free ?? 0) < quantity)) {
          await client.query('rollback');
          return false;
        }
        await client.query({ name: 'write', text: writeAll, values: [
          tenantId, key, newId('rsv'), lines.map(({ skuId }) => skuId), lines.map(({ quantity }) => quantity),
          lines.map(({ skuId }) => Number(bySku.get(skuId).version) + 1), lines.map(({ skuId, quantity }) => bySku.get(skuId).reserved + quantity)] });
        await client.query({ name: 'take', text: `update stock_level l set reserved = l.reserved + w.quantity, version = l.version + 1, updated_at = app_now() from unnest($1::text[], $2::int[]) w (id, quantity) where l.id = w.id`, values: [lines.map(({ skuId }) => bySku.get(skuId).id), lines.map(({ quantity }) => quantity)] });
        await client.query('commit');
        return true;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => connections.end(),
  };
}

/** (b) One guarded statement: the update takes only what is there, everything else hangs on it. */
export function guarded({ url, tenantId, size = 8, asyncCommit = false }) {
  const connections = pool(url, size, asyncCommit ? { options: '-c synchronous_commit=off' } : {});
  return {
    ask: async ({ key, lines }) => {
      const { rows: [row] } = lines.length === 1
        ? await connections.query({ name: 'one', text: GUARDED_ONE, values: [tenantId, key, newId('rsv'), lines[0].skuId, lines[0].quantity] })
        : await connections.query({ name: 'many', text: GUARDED_MANY, values: [tenantId, key, newId('rsv'), lines.map(({ skuId }) => skuId), lines.map(({ quantity }) => quantity)] });
      return row.yes > 0;
    },
    close: () => connections.end(),
  };
}

/** (h) The guarded statement without waiting for the disk, and one wait shared by all before they are answered: the row is free earlier. */
export function sharedFlush({ url, tenantId, size = 8 }) {
  const quick = guarded({ url, tenantId, size, asyncCommit: true });
  const flusher = pool(url, 1);
  let waiting = [];
  let flushing = false;
  const flush = async () => {
    flushing = true;
    while (waiting.length > 0) {
      const these = waiting;
      waiting = [];
      // A commit of its own that waits for the disk: all that was written before it is there then.
      await flusher.query('select pg_logical_emit_message(true, $1, $2)', ['bench', 'flush']);
      for (const done of these) done();
    }
    flushing = false;
  };
  return {
    ask: async (asked) => {
      const yes = await quick.ask(asked);
      await new Promise((done) => { waiting.push(done); if (!flushing) void flush(); });
      return yes;
    },
    close: async () => { await quick.close(); await flusher.end(); },
  };
}

/** (c) A lock of Redis on the SKU around (a): it adds trips and takes none away. */
export function redisLock({ url, tenantId, redisUrl }) {
  const redis = new Redis(redisUrl);
  const inside = forUpdate({ url, tenantId });
  const unlock = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
  return {
    ask: async (asked) => {
      const name = `lock:${asked.lines[0].skuId}`;
      while ((await redis.set(name, asked.key, 'PX', 10_000, 'NX')) !== 'OK') await sleep(5 + Math.random() * 20);
      try {
        return await inside.ask(asked);
      } finally {
        await redis.eval(unlock, 1, name, asked.key);
      }
    },
    close: async () => { await inside.close(); redis.disconnect(); },
  };
}

/** (f) Sixteen counters for a SKU, one of them at random, the others when that is empty. */
export function shards({ url, tenantId, size = 8 }) {
  const connections = pool(url, size);
  const text = GUARDED_ONE.replace("bucket = 'MAIN'", 'bucket = $6');
  return {
    ask: async ({ key, lines: [{ skuId, quantity }] }) => {
      const first = Math.floor(Math.random() * 16);
      for (let n = 0; n < 16; n += 1) {
        const { rows: [row] } = await connections.query({ name: 'shard', text, values: [tenantId, key, newId('rsv'), skuId, quantity, `S${(first + n) % 16}`] });
        if (row.yes > 0) return true;
      }
      return false;
    },
    close: () => connections.end(),
  };
}

/** (f2) A row for each unit, taken with SKIP LOCKED: nobody waits for a row, and everybody looks for one. */
export async function unitRows({ url, adminUrl, tenantId, skuId, units, size = 32 }) {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`set search_path = inventory; create table bench_unit (level text not null, n int not null, taken_by text, primary key (level, n));
    create index bench_unit_free on bench_unit (level) where taken_by is null; grant select, update on bench_unit to inventory_system`);
  await admin.query('insert into bench_unit select l.id, n + 1000000 from stock_level l, generate_series(1, $2::int) n where l.sku_id = $1', [skuId, units]);
  await admin.query('vacuum analyze bench_unit');
  await admin.end();
  const connections = pool(url, size);
  const text = `with unit as (select level, n from bench_unit where level = (select id from stock_level where tenant_id = $1 and sku_id = $4 and bucket = 'MAIN') and taken_by is null limit 1 for update skip locked),
    taken as (update bench_unit u set taken_by = $3 from unit where u.level = unit.level and u.n = unit.n returning u.level, u.n),
    level as (select l.id, l.tenant_id, l.sku_id, l.location_id, l.bucket, l.on_hand, l.reserved, taken.n as version, $5::int as quantity from stock_level l join taken on taken.level = l.id), ${WRITES} select count(*)::int as yes from level`;
  return {
    ask: async ({ key, lines: [line] }) => (await connections.query({ name: 'unit', text, values: [tenantId, key, newId('rsv'), line.skuId, line.quantity] })).rows[0].yes > 0,
    close: () => connections.end(),
  };
}

/** (g) The engine's own function, a call for each ask: batches are what makes the difference. */
export function oneCallEach({ url, tenantId, size = 8 }) {
  const connections = pool(url, size);
  const text = `select verdicts from admit($1, $2, '{1}', $3, '{MAIN}', '{1}', $4, '{bench}', '{900}', '{2}', '{MAIN}', '{NULL}', '{0}', '{NULL}', '{NULL}', '{1}', '{1}', $5, '{0}', '{}', '{}', '{}')`;
  return {
    ask: async ({ key, lines: [{ skuId, quantity }] }) =>
      (await connections.query({ name: 'call', text, values: [newId('mov').slice(4, -6), [tenantId], [skuId], [key], [quantity]] })).rows[0].verdicts === 'Y',
    close: () => connections.end(),
  };
}
