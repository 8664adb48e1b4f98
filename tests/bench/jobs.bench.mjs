// The queue on PostgreSQL and on Redis: how soon a job starts, how fast many go in and out, and that fifty thousand
// waiting ones make neither slower.
import { findRedis, startTestRedis } from '@quanyu/testing';
import { startTemporaryPostgres } from '@quanyu/database';
import { Jobs, migrateJobs } from '@quanyu/jobs';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './percentile.mjs';

const MEASURED = 2_000;
const log = { warn: () => undefined, error: () => undefined };
const round = (value, digits = 1) => Number(value.toFixed(digits));

async function onStore(name, store, { quick, say }) {
  const waiting = quick ? 10_000 : 50_000;
  let done = 0;
  const starts = [];
  const definitions = [
    { name: 'work', payload: (payload) => payload, run: async () => { done += 1; } },
    { name: 'urgent', payload: (payload) => payload, priority: 'urgent', run: async ({ at }) => { starts.push(performance.now() - at); } },
  ];
  const open = (queueName) => {
    const jobs = new Jobs({ ...store, queueName, log });
    jobs.register(definitions);
    return jobs;
  };
  const add = async (jobs, count) => {
    const since = performance.now();
    await jobs.enqueueAll('work', Array.from({ length: count }, (_, n) => ({ payload: { n }, jobId: `n${n}` })));
    return count / ((performance.now() - since) / 1000);
  };
  /** With so many waiting: one more added, an urgent one started, and the rate of the first two thousand. */
  const with_ = async (queueName, count) => {
    const jobs = open(queueName);
    const added = await add(jobs, count);
    const before = performance.now();
    for (let n = 0; n < 100; n += 1) await jobs.enqueue('work', { n }, { jobId: `single${n}` });
    const oneMs = (performance.now() - before) / 100;
    done = 0;
    starts.length = 0;
    await jobs.start();
    const since = performance.now();
    while (done < MEASURED) {
      await jobs.enqueue('urgent', { at: performance.now() });
      await sleep(50);
    }
    const drained = done / ((performance.now() - since) / 1000);
    while (starts.length === 0) await sleep(10);
    const urgent = percentile(starts, 0.5);
    await jobs.stop();
    return { added, oneMs, drained, urgent };
  };

  say(`${name}: idle`);
  const idle = open('idle');
  await idle.start();
  await sleep(1_000);
  for (let n = 0; n < 100; n += 1) {
    await idle.enqueue('urgent', { at: performance.now() });
    await sleep(30);
  }
  const idleStart = percentile(starts, 0.5);
  await idle.stop();
  say(`${name}: ${MEASURED} and ${waiting} waiting`);
  const few = await with_('few', MEASURED);
  const rss = process.memoryUsage().rss;
  const many = await with_('many', waiting);
  const grown = (process.memoryUsage().rss - rss) / 2 ** 20;
  return [
    { name: `${name}: idle, enqueue to start, p50`, value: round(idleStart), unit: 'ms', goal: 50 },
    { name: `${name}: added in bulk`, value: Math.round(few.added), unit: 'jobs/s' },
    { name: `${name}: drained, four at once`, value: Math.round(few.drained), unit: 'jobs/s' },
    { name: `${name}: drained with ${waiting} waiting, of the rate with few`, value: round(many.drained / few.drained, 2), unit: 'x', goal: 0.6, atLeast: true },
    { name: `${name}: one more added with ${waiting} waiting`, value: round(many.oneMs, 2), unit: 'ms' },
    { name: `${name}: an urgent one starts behind ${waiting}, p50`, value: round(many.urgent), unit: 'ms', goal: 100 },
    { name: `${name}: memory of the process for ${waiting} waiting`, value: Math.round(grown), unit: 'MB' },
  ];
}

export async function bench(options) {
  const figures = [];
  options.say('a PostgreSQL with real durability');
  const postgres = await startTemporaryPostgres();
  try {
    await migrateJobs(postgres.adminUrl);
    figures.push(...await onStore('PostgreSQL', { connectionString: postgres.adminUrl }, options));
  } finally {
    await postgres.stop();
  }
  if (findRedis() === null) return figures;
  const redis = await startTestRedis();
  try {
    figures.push(...await onStore('Redis', { redisUrl: redis.url }, options));
  } finally {
    await redis.close();
  }
  return figures;
}
