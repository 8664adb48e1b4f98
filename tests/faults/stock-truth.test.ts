import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { inventory } from '@quanyu/inventory';
import { databaseDefinition } from '@quanyu/subgraph';
import { createTestDatabase, type TestDatabase } from '@quanyu/testing';
import pg from 'pg';
import { Actor } from './stock/cast.js';
import { contradictions, History, type Kept } from './stock/history.js';
import { MortalPostgres } from './stock/postgres.js';

/** Longer by QUANYU_STOCK_TRUTH_SECONDS; again by QUANYU_STOCK_TRUTH_SEED. */
const SECONDS = Number(process.env.QUANYU_STOCK_TRUTH_SECONDS ?? 40);
const SEED = Number(process.env.QUANYU_STOCK_TRUTH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const BUYERS = 120;
const tenantId = 'ten_00000000000000000000000001';

let postgres: MortalPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await new MortalPostgres().start();
  process.env.QUANYU_TEST_ADMIN_URL = postgres.adminUrl;
  database = await createTestDatabase([databaseDefinition(inventory)]);
}, 60_000);
afterAll(() => postgres.remove());

/** Runs SQL as the superuser, again when the server is just being killed. */
async function sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: database.adminUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('set search_path = inventory');
      return (await client.query(text, values)).rows as Row[];
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Each answers what is wrong with the books; nothing when all is well. */
const ORACLES: Readonly<Record<string, string>> = {
  'more promised than there is': 'select id from stock_level where reserved > on_hand - unavailable + allowance + deficit',
  'levels that do not agree with their holds': 'select l.id from stock_level l where l.reserved <> (select coalesce(sum(open), 0) from reservation_line where stock_level_id = l.id)',
  'levels that do not agree with their movements': `select l.id from stock_level l where (l.on_hand, l.reserved, l.unavailable, l.incoming, l.allowance, l.deficit, l.version) <>
    (select coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0), coalesce(sum(unavailable), 0), coalesce(sum(incoming), 0), coalesce(sum(allowance), 0), coalesce(sum(deficit), 0), count(*) from stock_movement where stock_level_id = l.id)`,
  'deficits larger than they must be': 'select id from stock_level where deficit > greatest(0, reserved - (on_hand - unavailable + allowance))',
  'holds that ended and still count': "select line.reservation_id from reservation_line line join reservation r on r.id = line.reservation_id where line.open > 0 and r.state in ('RELEASED', 'CONSUMED')",
  'ends that header and line do not agree on': "select r.id from reservation r join reservation_line line on line.reservation_id = r.id where r.state = 'HELD' and line.open > 0 and r.expires_at is distinct from line.expires_at",
  'events with one id': 'select event_id from outbox group by event_id having count(*) > 1',
};

const KEPT = `select r.key, r.state, r.version, (select jsonb_object_agg(sku_id, quantity) from (select sku_id, sum(quantity) as quantity from reservation_line where reservation_id = r.id group by sku_id) line) as held,
  (select count(*)::int from outbox where type = 'inventory.stock-reserved.v1' and subject = r.key) as reserved_events from reservation r`;

describe('stock, asked by hundreds while clients, processes and PostgreSQL are killed', () => {
  it('is never oversold, and what anybody was told stays true', async () => {
    process.stdout.write(`stock truth: QUANYU_STOCK_TRUTH_SEED=${SEED}\n`);
    const locationId = newId('loc');
    const skus = Array.from({ length: 6 }, () => newId('sku'));
    await sql("insert into location (id, tenant_id, code, name) values ($1, $2, 'main', 'main')", [locationId, tenantId]);
    await sql('select change_stock($1, $2, $3, null, null)', [newId('mov').slice(4, -6), tenantId, JSON.stringify(skus.map((skuId) => ({ skuId, locationId, reason: 'COUNT', onHand: { to: 60 } })))]);

    const ports: number[] = [];
    const engines = [0, 1].map((n) => new Actor('engine-process.mjs', { urls: database.urls('inventory'), tenantId, port: 0 }, (line) => { ports[n] = Number(line); }));
    engines.forEach((engine) => engine.start());
    while (ports.filter(Boolean).length < 2) await sleep(50);
    const history = new History();
    const clients = [0, 1].map((n) => new Actor('client-process.mjs', { engines: ports, tenantId, skus, locationId, clients: BUYERS, seed: SEED + n }, history.take));
    clients.forEach((client) => client.start());

    const killed = { engine: 0, client: 0, backend: 0, postgres: 0 };
    const until = Date.now() + SECONDS * 1000;
    for (let n = 0; Date.now() < until; n += 1) {
      await sleep(700 + Math.random() * 1800);
      const side = n % 2;
      const victim = (['engine', 'backend', 'client', 'engine', 'postgres'] as const)[n % 5]!;
      killed[victim] += 1;
      if (victim === 'engine') {
        await engines[side]!.kill();
        engines[side]!.start({ port: ports[side] });
      } else if (victim === 'client') {
        await clients[side]!.kill();
        clients[side]!.start({ seed: SEED + 1000 * (n + 1) });
      } else if (victim === 'backend') {
        const [backend] = await sql<{ pid: number }>("select pid from pg_stat_activity where application_name = 'inventory engine' order by random() limit 1");
        if (backend !== undefined) await postgres.killBackend(backend.pid).catch(() => undefined);
      } else {
        await postgres.killAll();
      }
    }
    await Promise.all(clients.map((client) => client.end()));
    await Promise.all(engines.map((engine) => engine.kill()));

    for (const [what, oracle] of Object.entries(ORACLES)) expect([what, await sql(oracle)]).toEqual([what, []]);
    const kept = new Map((await sql<Kept>(KEPT)).map((row) => [row.key, row]));
    expect(contradictions(history, kept)).toEqual([]);
    // A run in which nothing happened proves nothing.
    expect(Object.values(killed).every((count) => count > 0)).toBe(true);
    for (const [deed, kind] of [['RESERVE', 'held'], ['RESERVE', 'short'], ['CONFIRM', 'done'], ['RELEASE', 'done'], ['CONSUME', 'done'], ['REPEAT', 'held'], ['REUSE', 'refused']] as const) expect([deed, kind, history.count(deed, kind) > 0]).toEqual([deed, kind, true]);
    const reasons = (await sql<{ reason: string }>('select distinct reason from stock_movement')).map(({ reason }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['RESERVED', 'RELEASED', 'EXPIRED', 'CONSUMED', 'COUNT']));
    expect(history.stories.size).toBeGreaterThan(100);
  }, (SECONDS + 120) * 1000);
});
