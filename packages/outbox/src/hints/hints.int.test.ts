import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, findRedis, startTestRedis, type TestDatabase, type TestRedis } from '@quanyu/testing';
import pg from 'pg';
import { Gathered, type Hints } from './hints.js';
import { PostgresHints } from './postgres-hints.js';
import { RedisHints } from './redis-hints.js';

const eventually = async (check: () => void): Promise<void> => {
  for (const end = Date.now() + 15_000; ;) {
    try {
      return check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(20);
    }
  }
};

let database: TestDatabase;
let pool: pg.Pool;
let redis: TestRedis | undefined;
beforeAll(async () => {
  database = await createTestDatabase([]);
  pool = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  pool.on('error', () => undefined);
  if (findRedis() !== null) redis = await startTestRedis();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  await redis?.close();
});

interface Store { readonly make: (subgraph: string) => Hints; readonly breakOff: () => Promise<void>; readonly mend: () => Promise<void> }
const STORES: Record<string, Store> = {
  PostgreSQL: {
    make: (subgraph) => new PostgresHints(subgraph, pool, database.adminUrl),
    breakOff: async () => { await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'"); },
    mend: () => Promise.resolve(),
  },
  ...(findRedis() !== null && {
    Redis: { make: (subgraph: string) => new RedisHints(subgraph, redis!.url), breakOff: () => redis!.killServer(), mend: () => redis!.startServer() },
  }),
};

describe.each(Object.keys(STORES))('hints over %s', (name) => {
  const { make, breakOff, mend } = STORES[name]!;
  let next = 0;
  async function processes(subgraph: string, count: number) {
    const all = await Promise.all(Array.from({ length: count }, async () => {
      const hints = make(subgraph);
      const heard: bigint[] = [];
      await hints.listen((xid) => { heard.push(xid); });
      return { hints, heard };
    }));
    await sleep(100);
    for (const { heard } of all) heard.length = 0;
    return all;
  }
  const subgraphName = (): string => `probe${(next += 1)}`;

  it('reach every other process of the subgraph, and neither the one that tells nor other subgraphs', async () => {
    const subgraph = subgraphName();
    const [teller, one, two] = await processes(subgraph, 3);
    const [stranger] = await processes(subgraphName(), 1);
    teller!.hints.ring(42n);
    await eventually(() => expect([one!.heard, two!.heard]).toEqual([[42n], [42n]]));
    await sleep(50);
    expect([teller!.heard, stranger!.heard]).toEqual([[], []]);
    for (const process of [teller, one, two, stranger]) await process!.hints.stop();
  });

  it('are a few for many commits, and the last of them is told', async () => {
    const [teller, hearer] = await processes(subgraphName(), 2);
    for (let xid = 1; xid <= 500; xid += 1) teller!.hints.ring(BigInt(xid));
    await eventually(() => expect(hearer!.heard.at(-1)).toBe(500n));
    expect(hearer!.heard.length).toBeLessThan(20);
    await teller!.hints.stop();
    await hearer!.hints.stop();
  });

  it('come back after the connection was lost, with a look at what was missed', async () => {
    const [teller, hearer] = await processes(subgraphName(), 2);
    await breakOff();
    teller!.hints.ring(7n);
    await sleep(100);
    await mend();
    // 0 asks for a look whatever there is.
    await eventually(() => expect(hearer!.heard).toContain(0n));
    await eventually(() => {
      teller!.hints.ring(9n);
      expect(hearer!.heard).toContain(9n);
    });
    await teller!.hints.stop();
    await hearer!.hints.stop();
  });
});

describe('gathered calls', () => {
  it('send the first at once and the highest of the rest once', async () => {
    const sent: bigint[] = [];
    const gathered = new Gathered((xid) => sent.push(xid));
    gathered.ring(3n);
    expect(sent).toEqual([3n]);
    for (const xid of [5n, 4n, 6n, 1n]) gathered.ring(xid);
    await sleep(40);
    expect(sent).toEqual([3n, 6n]);
    gathered.ring(8n);
    gathered.stop();
    await sleep(20);
    expect(sent).toEqual([3n, 6n, 8n]);
  });
});
