import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@quanyu/database';
import { stockLevelChanged, stockReleased, stockReserved, stockShort } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { databaseDefinition } from '@quanyu/subgraph';
import { openTestSubgraph, TEST_TENANT as tenantId, type Json, type TestSubgraph } from '@quanyu/testing';
import pg from 'pg';
import { inventory } from '../../subgraph.js';
import { changeStock } from '../levels/change-stock.js';
import { ensureLocation } from '../levels/ensure-location.js';
import { reserveStock, type ReserveStock } from '../holds/reserve-stock.js';
import { newSeed } from '../seed.js';
import { releaseReservation } from '../holds/settle-reservation.js';
import { engineOf } from './engine.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
/** As a second process would have it: pools and an engine of its own on the same database. */
let second: Database;
beforeAll(async () => {
  subgraph = await openTestSubgraph(inventory);
  second = await openDatabase(databaseDefinition(inventory), { app: subgraph.systemUrl.replace('inventory_system', 'inventory_app'), system: subgraph.systemUrl, owner: subgraph.systemUrl });
});
afterAll(async () => {
  await second.close();
  await subgraph.close();
});

const db = () => subgraph.deps.database;
async function stocked(onHand: number, over: { tenant?: string; allowance?: number } = {}): Promise<string> {
  const skuId = newId('sku');
  const tenant = over.tenant ?? tenantId;
  await db().write(tenant, 'test', async (em) => {
    const { id: locationId } = await ensureLocation(em, tenant, 'main');
    await changeStock(em, { tenantId: tenant, changes: [{ skuId, locationId, reason: 'COUNT', onHand: { to: onHand }, ...(over.allowance !== undefined && { allowance: { to: over.allowance } }) }] });
  });
  return skuId;
}
const ask = (skuId: string, over: Partial<ReserveStock> = {}, database = db()) => reserveStock(database, { tenantId, key: newId('ord'), lines: [{ skuId, quantity: 1 }], tells: 'held', ...over });
/** Asks until it is answered: a busy machine may say that it cannot tell now, and the same key finds what it may have held. */
const insist = async (skuId: string, database: ReturnType<typeof db>) => {
  const key = newId('ord');
  for (;;) {
    const outcome = await ask(skuId, { key, tells: 'nobody' }, database);
    if (outcome.kind !== 'refused') return outcome;
    expect(outcome.code).toBe('STOCK_UNAVAILABLE');
  }
};
const levelOf = async (skuId: string) => (await subgraph.rows<Json>(tenantId, 'select on_hand, reserved from stock_level where sku_id = ?', [skuId]))[0];
const many = <T>(count: number, of: (n: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, n) => of(n)));

describe('asks that arrive together', () => {
  it('are judged in the order of arrival: a small ask behind a big one that is refused is not', async () => {
    const skuId = await stocked(3);
    const quantities = [2, 4, 1, 1];
    const outcomes = await Promise.all(quantities.map((quantity) => ask(skuId, { lines: [{ skuId, quantity }] })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['held', 'short', 'held', 'short']);
    expect(outcomes[1]).toEqual({ kind: 'short', shortages: [{ skuId, asked: 4, available: 1 }] });
  });

  it('take all lines or none, with two lines of one SKU as one', async () => {
    const [a, b] = [await stocked(3), await stocked(1)];
    const [first, next, last] = await Promise.all([
      ask(a, { lines: [{ skuId: a, quantity: 2 }, { skuId: a, quantity: 2 }] }),
      ask(a, { lines: [{ skuId: a, quantity: 1 }, { skuId: b, quantity: 2 }] }),
      ask(a, { lines: [{ skuId: a, quantity: 1 }, { skuId: b, quantity: 1 }, { skuId: a, quantity: 2 }] }),
    ]);
    expect(first).toEqual({ kind: 'short', shortages: [{ skuId: a, asked: 4, available: 3 }] });
    expect(next).toEqual({ kind: 'short', shortages: [{ skuId: b, asked: 2, available: 1 }] });
    expect(last).toMatchObject({ kind: 'held' });
    expect(await levelOf(a)).toEqual({ on_hand: 3, reserved: 3 });
  });

  it('hold once for a key, however often and wherever it is asked, and refuse it another content', async () => {
    const skuId = await stocked(9);
    const key = newId('ord');
    const outcomes = await many(12, (n) => ask(skuId, { key }, n % 2 === 0 ? db() : second));
    expect(new Set(outcomes.map((outcome) => (outcome.kind === 'held' ? outcome.reservationId : outcome.kind))).size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.kind === 'held' && !outcome.replay)).toHaveLength(1);
    const [twice, once] = await Promise.all([ask(skuId, { key, lines: [{ skuId, quantity: 2 }] }), ask(skuId, { key })]);
    expect(twice).toEqual({ kind: 'refused', code: 'KEY_REUSED' });
    expect(once).toMatchObject({ kind: 'held', replay: true });
    expect(await levelOf(skuId)).toEqual({ on_hand: 9, reserved: 1 });
  });

  it('judge a key with two contents at the same moment by the first', async () => {
    const skuId = await stocked(9);
    const key = newId('req');
    const [one, two] = await Promise.all([ask(skuId, { key }), ask(skuId, { key, lines: [{ skuId, quantity: 2 }] })]);
    expect([one, two]).toMatchObject([{ kind: 'held', replay: false }, { kind: 'refused', code: 'KEY_REUSED' }]);
  });

  it('may go beyond what is there only by an allowance', async () => {
    const skuId = await stocked(1, { allowance: 2 });
    const outcomes = await many(5, () => ask(skuId));
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(3);
  });

  it('of different tenants share a batch and nothing else', async () => {
    const [mine, theirs] = [await stocked(2), await stocked(2, { tenant: OTHER_TENANT })];
    const [a, b, c, d] = await Promise.all([ask(mine), ask(theirs, { tenantId: OTHER_TENANT }), ask(theirs), ask(mine, { tenantId: OTHER_TENANT })]);
    expect([a!.kind, b!.kind, c!.kind, d!.kind]).toEqual(['held', 'held', 'short', 'short']);
  });

  it('write the same rows whether there is plenty for all or one of them forces the walk', async () => {
    const quantities = Array.from({ length: 60 }, (_, n) => [n % 3, (n * 7) % 5, n % 2].map((quantity, sku) => ({ sku, quantity })).filter(({ quantity }) => quantity > 0)).filter((lines) => lines.length > 0);
    const rowsAfter = async (strangers: number) => {
      const skus = await Promise.all([500, 500, 500].map((onHand) => stocked(onHand)));
      const keys = quantities.map(() => newId('ord'));
      const outcomes = await Promise.all([
        ...Array.from({ length: strangers }, () => ask(newId('sku'))),
        ...quantities.map((lines, n) => ask('', { key: keys[n]!, lines: lines.map(({ sku, quantity }) => ({ skuId: skus[sku]!, quantity })) })),
      ]);
      const of = async (text: string) => (await db().system.query<Json>(`with k as (select * from unnest($1::text[]) with ordinality x (key, ask)), s as (select * from unnest($2::text[]) with ordinality x (id, sku)) ${text}`, [keys, skus])).rows;
      return {
        outcomes: outcomes.map(({ kind }) => kind),
        transactions: (await of('select distinct r.xmin::text from reservation r join k using (key)')).length,
        levels: await of('select s.sku, l.on_hand, l.reserved, l.version from s join stock_level l on l.sku_id = s.id order by s.sku'),
        lines: await of(`select k.ask, r.state, s.sku, l.quantity, l.open, l.expires_at = r.expires_at as with_it from k join reservation r using (key)
          join reservation_line l on l.reservation_id = r.id join s on s.id = l.sku_id order by k.ask, s.sku`),
        movements: await of(`select k.ask, s.sku, m.sequence, m.reason, m.reserved from k join reservation r using (key)
          join stock_movement m on m.reservation_id = r.id join stock_level l on l.id = m.stock_level_id join s on s.id = l.sku_id order by s.sku, m.sequence`),
        told: (await subgraph.recorded()).filter(({ type, subject }) => type === stockReserved.type && keys.includes(subject as typeof keys[number]))
          .map(({ subject, data }) => ({ ask: keys.indexOf(subject as typeof keys[number]), lines: stockReserved.schema.parse(data).lines.map(({ skuId, quantity }) => ({ sku: skus.indexOf(skuId), quantity })).sort((a, b) => a.sku - b.sku) }))
          .sort((a, b) => a.ask - b.ask),
      };
    };
    const [plenty, walked] = [await rowsAfter(0), await rowsAfter(1)];
    expect(walked.outcomes).toEqual(['short', ...plenty.outcomes]);
    expect([plenty.transactions, walked.transactions]).toEqual([1, 1]);
    expect({ ...walked, outcomes: [] }).toEqual({ ...plenty, outcomes: [] });
    expect(plenty.told).toHaveLength(quantities.length);
  });

  it('tell of themselves in the shapes that are published', async () => {
    const [skuId, none] = [await stocked(5), newId('sku')];
    const [key, missed] = [newId('ord'), newId('ord')];
    await Promise.all([ask(skuId, { key }), ask(none, { key: missed, tells: 'held and short' }), ask(skuId)]);
    await releaseReservation(db(), { tenantId, key, reason: 'ORDER_CANCELLED' });
    const events = await subgraph.recorded();
    const dataOf = (type: string, subject: string) => events.filter((event) => event.type === type && event.subject === subject).map((event) => event.data);
    expect(dataOf(stockReserved.type, key).map((data) => stockReserved.schema.parse(data))).toMatchObject([{ orderId: key, lines: [{ skuId, quantity: 1 }] }]);
    expect(dataOf(stockReleased.type, key).map((data) => stockReleased.schema.parse(data))).toMatchObject([{ orderId: key, reason: 'ORDER_CANCELLED' }]);
    expect(dataOf(stockShort.type, missed).map((data) => stockShort.schema.parse(data))).toEqual([{ orderId: missed, lines: [{ skuId: none, asked: 1, available: 0 }] }]);
    const levels = events.filter(({ type, data }) => type === stockLevelChanged.type && data.skuId === skuId).map(({ data }) => stockLevelChanged.schema.parse(data));
    expect(levels.at(-1)).toMatchObject({ bucket: 'MAIN', onHand: 5, reserved: 1, available: 4 });
    const { rows } = await db().system.query<{ ids: number; events: number }>('select count(distinct event_id)::int as ids, count(*)::int as events from outbox');
    expect(rows[0]!.ids).toBe(rows[0]!.events);
  });
});

describe('bad asks', () => {
  it.each([0, -1, 1.5, Number.NaN, 2 ** 53, 1e12])('are refused for a quantity of %p', async (quantity) => {
    expect(await ask(newId('sku'), { lines: [{ skuId: newId('sku'), quantity }] })).toEqual({ kind: 'refused', code: 'QUANTITY_INVALID' });
  });

  it('are refused for no line and for more than a thousand, and a thousand are judged', async () => {
    const lines = (count: number) => Array.from({ length: count }, () => ({ skuId: newId('sku'), quantity: 1 }));
    expect(await ask('', { lines: [] })).toEqual({ kind: 'refused', code: 'LINES_INVALID' });
    expect(await ask('', { lines: lines(1001) })).toEqual({ kind: 'refused', code: 'LINES_INVALID' });
    const outcome = await ask('', { lines: lines(1000) });
    expect(outcome.kind === 'short' && outcome.shortages).toHaveLength(1000);
    const held = await Promise.all(Array.from({ length: 40 }, () => stocked(1)));
    expect(await ask('', { lines: held.map((skuId) => ({ skuId, quantity: 1 })) })).toMatchObject({ kind: 'held' });
  });

  it('of an unknown SKU are short, and keys of any text are kept apart', async () => {
    expect(await ask(newId('sku'))).toMatchObject({ kind: 'short' });
    const skuId = await stocked(10);
    const keys = ['a"b', 'a\\b', '{}', 'NULL', "a'b", 'a,b', '钥匙', ' ', 'a b'];
    for (const round of ['held', 'replay']) {
      const outcomes = await Promise.all(keys.map((key) => ask(skuId, { key, tells: 'nobody' })));
      expect(outcomes.map((outcome) => outcome.kind === 'held' && (outcome.replay ? 'replay' : 'held'))).toEqual(keys.map(() => round));
    }
  });

  it('that break the machine fail alone', async () => {
    const skuId = await stocked(100);
    // No text of PostgreSQL holds a zero byte.
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, (_, n) => ask(skuId, { key: n === 20 ? 'poison\0' : newId('ord') })));
    expect(outcomes.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[20]!.status).toBe('rejected');
    expect(await levelOf(skuId)).toEqual({ on_hand: 100, reserved: 63 });
  });

  it('are refused by the database where a caller mixes tenants in one ask', async () => {
    const theirs = await stocked(5, { tenant: OTHER_TENANT });
    const client = new pg.Client({ connectionString: subgraph.systemUrl });
    await client.connect();
    const int = (...values: number[]) => `{${values.join(',')}}`;
    const { rows } = await client.query<{ verdicts: string }>(
      `select verdicts from admit($1, $2, '{2}', $3, '{MAIN}', '{1}', '{mixed}', '{h}', '{60}', '{0}', '{MAIN}', '{NULL}', '{0}', '{NULL}', '{NULL}', $4, $4, $4, '{0}', '{}', '{}', '{}')`,
      [newSeed(), [tenantId, OTHER_TENANT], [theirs], int(1)]);
    await client.end();
    expect(rows[0]!.verdicts).toBe('F');
  });
});

describe('a database in trouble', () => {
  it('that holds a row too long is told to the caller as retryable, and holds nothing for it', async () => {
    const skuId = await stocked(5);
    const locker = new pg.Client({ connectionString: subgraph.systemUrl });
    await locker.connect();
    await locker.query('begin');
    await locker.query('select from stock_level where sku_id = $1 for update', [skuId]);
    const outcomes = await many(3, () => ask(skuId));
    await locker.query('rollback');
    await locker.end();
    expect(outcomes).toEqual(Array(3).fill({ kind: 'refused', code: 'STOCK_UNAVAILABLE' }));
    expect(await levelOf(skuId)).toEqual({ on_hand: 5, reserved: 0 });
    expect((await ask(skuId)).kind).toBe('held');
  });

  it('that drops the connection costs nobody an answer', async () => {
    const skuId = await stocked(1000);
    const drop = () => db().system.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'inventory engine' and datname = current_database()");
    await ask(skuId);
    const keys = Array.from({ length: 300 }, () => newId('ord'));
    const asking = Promise.all(keys.map(async (key, n) => { await new Promise((done) => { setTimeout(done, n); }); return ask(skuId, { key }); }));
    for (let n = 0; n < 5; n += 1) { await new Promise((done) => { setTimeout(done, 50); }); await drop(); }
    expect((await asking).every(({ kind }) => kind === 'held')).toBe(true);
    expect(await levelOf(skuId)).toEqual({ on_hand: 1000, reserved: 301 });
  });

  it('whose crowd is too large refuses newcomers at once', async () => {
    const skuId = await stocked(5);
    const rare = await stocked(5);
    const crowd = many(10_200, () => ask(skuId));
    const other = ask(rare);
    const outcomes = await crowd;
    expect(outcomes.slice(10_000).every((outcome) => outcome.kind === 'refused' && outcome.code === 'STOCK_BUSY')).toBe(true);
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(5);
    // A crowd for one SKU leaves room for the rest, and does not keep it waiting to the end.
    expect((await other).kind).toBe('held');
    expect(engineOf(db()).waiting).toBe(0);
  });
});

describe('two processes', () => {
  it('give the last unit to exactly one of two channels that ask at the same moment, 10,000 times', async () => {
    const wins = [0, 0];
    for (let round = 0; round < 20; round += 1) {
      const skus = Array.from({ length: 500 }, () => newId('sku'));
      await db().write(tenantId, 'test', async (em) => {
        const { id: locationId } = await ensureLocation(em, tenantId, 'main');
        await changeStock(em, { tenantId, changes: skus.map((skuId) => ({ skuId, locationId, reason: 'COUNT', onHand: { to: 1 } })) });
      });
      const [taobao, wechat] = await Promise.all([db(), second].map((database) => Promise.all(skus.map((skuId) => insist(skuId, database)))));
      skus.forEach((_, n) => {
        expect([taobao![n]!.kind, wechat![n]!.kind].sort()).toEqual(['held', 'short']);
        wins[taobao![n]!.kind === 'held' ? 0 : 1]! += 1;
      });
      const { rows: [sum] } = await db().system.query<Json>('select sum(reserved)::int as reserved, sum(on_hand)::int as on_hand from stock_level where sku_id = any ($1)', [skus]);
      expect(sum).toEqual({ reserved: 500, on_hand: 500 });
    }
    expect(wins[0]! + wins[1]!).toBe(10_000);
  }, 120_000);

  it('never meet in a deadlock, whatever order the lines of their asks and releases come in', async () => {
    const skus = await Promise.all(Array.from({ length: 8 }, () => stocked(400)));
    const before = await deadlocks();
    const shuffled = (seed: number) => [...skus].sort((a, b) => Math.sin(seed * a.charCodeAt(20)) - Math.sin(seed * b.charCodeAt(20))).slice(0, 3);
    await Promise.all([db(), second].map((database, side) => many(400, async (n) => {
      const key = newId('ord');
      const outcome = await ask('', { key, lines: shuffled(n * 2 + side + 1).map((skuId) => ({ skuId, quantity: 1 })) }, database);
      if (outcome.kind === 'held' && n % 2 === 0) await releaseReservation(side === 0 ? second : db(), { tenantId, key });
    })));
    expect(await deadlocks()).toBe(before);
    const { rows: [agree] } = await db().system.query<Json>(
      'select bool_and(l.reserved = (select coalesce(sum(open), 0) from reservation_line where stock_level_id = l.id)) as holds from stock_level l where sku_id = any ($1)', [skus]);
    expect(agree).toEqual({ holds: true });
  });
});

const deadlocks = async (): Promise<number> => {
  await db().system.query('select pg_stat_force_next_flush()').catch(() => undefined);
  const { rows: [row] } = await db().system.query<{ deadlocks: string }>('select deadlocks::text from pg_stat_database where datname = current_database()');
  return Number(row!.deadlocks);
};
