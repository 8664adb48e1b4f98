// How fast stock is held, against the other ways to hold it, in one run, each writing the same rows; checked after each.
// The engine's figures are those of its call inside the process. What an order costs over HTTP stands apart.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTemporaryPostgres, subgraphUrls } from '@quanyu/database';
import { newId } from '@quanyu/ids';
import { findRedis, startTestRedis } from '@quanyu/testing';
import { closedLoop, zipf } from './inventory/closed-loop.mjs';
import { forUpdate, guarded, oneCallEach, redisLock, shards, sharedFlush, unitRows } from './inventory/designs.mjs';
import { openEngine } from './inventory/engine.mjs';
import { overHttp } from './inventory/over-http.mjs';
import { twoProcesses } from './inventory/two-processes.mjs';

const PLENTY = 900_000_000;
const rounded = (value, digits = 0) => Number(value.toFixed(digits));

export async function bench({ quick, say }) {
  const seconds = quick ? 2 : 4;
  // A server of the usual size, with the durable defaults of PostgreSQL.
  const server = await startTemporaryPostgres({ settings: { shared_buffers: '1GB', max_wal_size: '4GB' } });
  process.env.QUANYU_TEST_ADMIN_URL = server.adminUrl;
  const redis = findRedis() === null ? null : await startTestRedis();
  const engine = await openEngine();
  const { tenantId, systemUrl: url } = engine;
  const adminUrl = Object.assign(new URL(server.adminUrl), { pathname: new URL(url).pathname }).href;
  const figures = [];

  /** Runs one design on its SKUs and checks what it wrote. */
  async function measure(name, design, { callers, skus, lines, seconds: time = seconds, units = true }) {
    say(`${name}, ${callers} callers`);
    const before = await engine.held(skus);
    const result = await closedLoop({ callers, seconds: time, ask: () => design.ask({ key: newId('ord'), lines: lines() }) });
    const after = await engine.held(skus);
    const each = lines().length;
    const grown = (what) => after[what] - before[what];
    const agree = grown('reservations') === result.yes && grown('events') === result.yes && grown('lines') === result.yes * each && after.oversold === 0
      && (!units || (grown('levels') === result.yes * each)) && grown('movements') === result.yes * each;
    if (!agree || result.yes === 0) throw new Error(`${name} is not exact: told ${result.yes} yes, kept ${JSON.stringify({ before, after })}`);
    return result;
  }
  const add = (name, { perSecond, p50, p99 }, over = {}) => {
    figures.push({ name: `${name}: holds a second`, value: rounded(perSecond), unit: '/s', ...over });
    figures.push({ name: `${name}: p50 / p99`, value: `${rounded(p50, 1)} / ${rounded(p99, 1)}`, unit: 'ms' });
  };
  const against = (goal, base, { perSecond }) => ({ name: `  times SELECT FOR UPDATE`, value: rounded(perSecond / base.perSecond, 1), unit: 'x', goal, atLeast: true, against: 'SELECT FOR UPDATE', ratio: rounded(perSecond / base.perSecond, 1) });

  try {
    // One hot SKU.
    const hot = async (name, make, over = {}) => {
      const [skuId] = await engine.stocked(1, PLENTY, over.spread);
      const design = await make(skuId);
      const result = await measure(name, design, { callers: 256, skus: [skuId], lines: () => [{ skuId, quantity: 1 }], ...over });
      await design.close?.();
      add(`hot SKU, ${name}`, result);
      return result;
    };
    const base = await hot('SELECT FOR UPDATE in a transaction', () => forUpdate({ url, tenantId }));
    await hot('one guarded statement', () => guarded({ url, tenantId }));
    if (redis !== null) await hot('a lock of Redis around a transaction', () => redisLock({ url, tenantId, redisUrl: redis.url }), { callers: 64 });
    await hot('16 counters', () => shards({ url, tenantId }), { spread: 16 });
    await hot('a row for each unit, SKIP LOCKED', (skuId) => unitRows({ url, adminUrl, tenantId, skuId, units: quick ? 30_000 : 60_000 }), { units: false });
    await hot('the engine\'s function, a call each', () => oneCallEach({ url, tenantId }));
    await hot('guarded, one shared flush', () => sharedFlush({ url, tenantId }));
    await hot('the engine, 256 callers', () => ({ ask: engine.ask }));
    figures.push(against(30, base, await hot('the engine, 1,024 callers', () => ({ ask: engine.ask }), { callers: 1024 })));
    const crowd = figures.at(-3);
    Object.assign(crowd, { goal: 25_000, atLeast: true });
    figures.at(-2).goal = undefined;
    const alone = await hot('the engine, one caller', () => ({ ask: engine.ask }), { callers: 1 });
    figures.push({ name: '  one caller, p99', value: rounded(alone.p99, 2), unit: 'ms', goal: 2 });

    // A thousand SKUs by Zipf's law, one line and three.
    const skus = await engine.stocked(1000, PLENTY);
    const popular = zipf(1000);
    const one = () => [{ skuId: skus[popular()], quantity: 1 }];
    const three = () => {
      const chosen = new Set();
      while (chosen.size < 3) chosen.add(skus[popular()]);
      return [...chosen].sort().map((skuId) => ({ skuId, quantity: 1 }));
    };
    for (const [what, lines, goal] of [['1,000 SKUs by Zipf', one, undefined], ['three lines by Zipf', three, 20]]) {
      const run = async (name, design, callers = 256) => {
        const result = await measure(`${what}, ${name}`, design, { callers, skus, lines });
        await design.close?.();
        add(`${what}, ${name}`, result);
        return result;
      };
      const slow = await run('SELECT FOR UPDATE', forUpdate({ url, tenantId, size: 16 }));
      await run('one guarded statement', guarded({ url, tenantId, size: 16 }));
      const batched = await run('the engine, 1,024 callers', { ask: engine.ask }, 1024);
      figures.push(against(goal, slow, batched));
    }

    say('memory under load');
    figures.push(await memory(engine, quick ? 8 : 20));

    say('two processes on 100,001 units');
    const count = quick ? 20_000 : 100_000;
    const [scarce] = await engine.stocked(1, count + 1);
    const database = new URL(url);
    const urls = subgraphUrls(database.href, 'inventory', () => 'test');
    const both = await twoProcesses({ urls, tenantId, skuId: scarce, count });
    const exact = await engine.held([scarce]);
    figures.push({ name: `2 x ${count} asks on ${count + 1} units by two processes, granted`, value: both.granted[0] + both.granted[1], unit: '', goal: count + 1, against: both.granted.join(' + ') });
    figures.push({ name: '  held, too many or too few', value: Math.abs(exact.lines - count - 1) + Math.abs(exact.levels - count - 1), unit: '', goal: 0 });
    figures.push({ name: '  asks a second, both', value: rounded(both.perSecond), unit: '/s' });
  } finally {
    await engine.close();
    await redis?.close();
    await server.stop();
  }

  say('reserveStock over HTTP, through the whole product');
  const callers = 64;
  const http = await overHttp({ seconds: quick ? 4 : 8, callers });
  for (const [name, { perSecond, p50, p99, productMs, postgresMs }] of Object.entries(http)) {
    figures.push({ name: `over HTTP, ${name}: a second, ${callers} at a time`, value: rounded(perSecond), unit: '/s' });
    figures.push({ name: '  p50 / p99', value: `${rounded(p50, 1)} / ${rounded(p99, 1)}`, unit: 'ms' });
    figures.push({ name: '  CPU of the product / of PostgreSQL, each', value: `${rounded(productMs, 2)} / ${rounded(postgresMs, 2)}`, unit: 'ms' });
  }
  return figures;
}

/** How much the heap grows from a third of the run to its end, collected each time. */
async function memory(engine, seconds) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const [skuId] = await engine.stocked(1, PLENTY);
  const run = (time) => closedLoop({ callers: 1024, seconds: time, ask: () => engine.ask({ key: newId('ord'), lines: [{ skuId, quantity: 1 }] }) });
  const used = () => { collect(); return process.memoryUsage().heapUsed / 2 ** 20; };
  await run(seconds / 3);
  const early = used();
  await run((seconds * 2) / 3);
  return { name: `heap grown in ${rounded((seconds * 2) / 3)} s under load`, value: rounded(used() - early, 1), unit: 'MB', goal: 16 };
}
