import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentContext, withContext, type LogFields } from '@quanyu/telemetry';
import { Client } from 'pg';
import { defineJob, type JobDefinition, type JobSchedule } from './definition.js';
import type { JobStore } from './backend.js';
import { Jobs, type JobsOptions } from './jobs.js';
import { migrateJobs } from './migrate.js';
import { adminUrl, openTestStore, queueDatabase, STORES, workerProcess, type TestStore } from './test-stores.test.js';

const open: Jobs[] = [];
const children: ChildProcess[] = [];
const logged: { level: string; message: string; fields: LogFields | undefined }[] = [];
const write = (level: string) => (message: string, fields?: LogFields) => void logged.push({ level, message, fields });
const log = { warn: write('warn'), error: write('error') };
let queues = 0;
const newQueue = (): string => `queue-${++queues}`;

const job = (jobName: string, run: JobDefinition<{ id?: string }>['run'], more: Partial<JobDefinition<{ id?: string }>> = {}) =>
  defineJob<{ id?: string }>({ name: jobName, payload: (payload) => payload as { id?: string }, run, ...more });
const until = async (what: string, holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<number> => {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(10);
  }
  return performance.now() - startedAt;
};
/** Holds jobs at work until a test has done what falls into their run. */
function gate(): { readonly open: Promise<void>; letGo(): void } {
  let letGo = (): void => undefined;
  return { open: new Promise((resolve) => { letGo = resolve; }), letGo: () => letGo() };
}
// A schedule keeps one job planned: that of the rebuild is in every queue.
const nothingLeft = async (jobs: Jobs): Promise<boolean> => {
  const { waiting, active, delayed, failed } = await jobs.counts();
  return waiting + active + failed === 0 && delayed <= 1;
};

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(open.splice(0).map((jobs) => jobs.stop()));
  logged.length = 0;
}, 30_000);

describe.each(STORES)('jobs on %s', (storeName) => {
  let test: TestStore;
  beforeAll(async () => { test = await openTestStore(storeName); }, 30_000);
  afterAll(() => test.close(), 30_000);

  const makeJobs = (definitions: readonly JobDefinition<unknown>[], schedules: JobSchedule[] = [], options: Partial<Omit<JobsOptions, keyof JobStore>> = {}): Jobs => {
    const jobs = new Jobs({ ...test.store, queueName: newQueue(), log, ...options });
    jobs.register(definitions, schedules);
    open.push(jobs);
    return jobs;
  };

  it('starts an enqueued job within milliseconds when idle', async () => {
    let ranAt = 0;
    const jobs = makeJobs([job('tell-time', async () => void (ranAt = performance.now()))]);
    await jobs.start();
    const latencies: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      await sleep(30);
      ranAt = 0;
      const enqueuedAt = performance.now();
      await jobs.enqueue('tell-time', {});
      await until('the job', () => ranAt > 0);
      latencies.push(ranAt - enqueuedAt);
    }
    latencies.sort((a, b) => a - b);
    // Nobody looks for work now and then: it is told at once (the bench says how fast).
    expect(latencies[15]).toBeLessThan(2_000);
  });

  it('drains a burst with its one worker and keeps nothing of what is done', async () => {
    const done = new Set<string>();
    const jobs = makeJobs([job('count', async ({ id }) => void done.add(id ?? ''))]);
    await Promise.all(Array.from({ length: 500 }, (_, n) => jobs.enqueue('count', { id: `n${n}` })));
    await jobs.start();
    await until('all jobs', () => done.size === 500);
    await until('an empty queue', () => nothingLeft(jobs));
  });

  it('holds three connections at most, and gives them back', async () => {
    const jobs = makeJobs([job('nap', () => sleep(20))]);
    await jobs.start();
    await Promise.all(Array.from({ length: 40 }, () => jobs.enqueue('nap', {})));
    let most = 0;
    await until('the queue to drain', async () => {
      most = Math.max(most, await test.connections());
      const { waiting, active } = await jobs.counts();
      return waiting + active === 0;
    });
    expect(most).toBeLessThanOrEqual(3);
    await jobs.stop();
    await until('no connection left', async () => (await test.connections()) === 0);
  });

  it('waits for the delay', async () => {
    let ranAt = 0;
    const jobs = makeJobs([job('later', async () => void (ranAt = performance.now()))]);
    await jobs.start();
    const enqueuedAt = performance.now();
    await jobs.enqueue('later', {}, { delayMs: 700 });
    await until('the delayed job', () => ranAt > 0);
    expect(ranAt - enqueuedAt).toBeGreaterThanOrEqual(695);
  });

  it('tries again, each time after a longer wait, until it works', async () => {
    const ranAt: number[] = [];
    const attempts: number[] = [];
    const jobs = makeJobs([job('flaky', async (_payload, { attempt }) => {
      attempts.push(attempt);
      ranAt.push(performance.now());
      if (attempt < 4) throw new Error('not yet');
    }, { firstRetryMs: 200 })]);
    await jobs.start();
    await jobs.enqueue('flaky', {});
    await until('four tries', () => ranAt.length === 4);
    expect(attempts).toEqual([1, 2, 3, 4]);
    const waits = ranAt.slice(1).map((time, n) => time - (ranAt[n] ?? 0));
    // Half to full of 200, 400, 800 ms.
    waits.forEach((wait, n) => expect(wait).toBeGreaterThanOrEqual(100 * 2 ** n - 5));
    await until('nothing kept', () => nothingLeft(jobs));
  });

  it('keeps what failed for good, with a code and without the words of the error', async () => {
    const queueName = newQueue();
    const jobs = makeJobs([job('broken', async () => {
      throw Object.assign(new Error('no such buyer: canary@example.com, 13800000000'), { code: 'BUYER_GONE' });
    }, { attempts: 2, firstRetryMs: 20 })], [], { queueName });
    await jobs.start();
    await jobs.enqueue('broken', { id: 'a' });
    await until('one failed job', async () => (await jobs.counts()).failed === 1);
    expect(await test.failedJobs(queueName)).toEqual([{ reason: 'BUYER_GONE', attempts: 2 }]);
    expect(await test.everythingStored()).toContain('BUYER_GONE');
    expect(await test.everythingStored()).not.toMatch(/canary|13800000000/);
    expect(logged.filter(({ fields }) => fields?.jobName === 'broken').map(({ level, fields }) => [level, fields?.errorCode, fields?.attempt]))
      .toEqual([['warn', 'BUYER_GONE', 1], ['error', 'BUYER_GONE', 2]]);
  });

  it('does not retry a payload that its job cannot read', async () => {
    const queueName = newQueue();
    const before = makeJobs([job('moved', async () => undefined)], [], { queueName });
    await before.enqueue('moved', { id: 'old' });
    const after = makeJobs([defineJob({ name: 'moved', payload: { parse: () => { throw new Error('new shape wanted'); } }, run: async () => undefined })], [], { queueName });
    await after.start();
    await until('one failed job', async () => (await after.counts()).failed === 1);
  });

  it('runs one job for one id, however often it is enqueued meanwhile', async () => {
    let runs = 0;
    const held = gate();
    const jobs = makeJobs([job('once', async () => { runs += 1; await held.open; })]);
    await Promise.all(Array.from({ length: 20 }, () => jobs.enqueue('once', { id: 'dlv_1' }, { jobId: 'dlv_1' })));
    await jobs.start();
    await until('the run to begin', () => runs === 1);
    await jobs.enqueue('once', { id: 'dlv_1' }, { jobId: 'dlv_1' });
    held.letGo();
    await until('the run to be over', () => nothingLeft(jobs));
    await sleep(400);
    expect(runs).toBe(1);
  });

  it('carries the chain of cause to the job and leaves the payload as it was', async () => {
    const seen: unknown[] = [];
    const jobs = makeJobs([job('follow', async (payload) => void seen.push([payload, currentContext().correlationId]))]);
    await jobs.start();
    await withContext({ correlationId: 'req_1' }, () => jobs.enqueue('follow', { id: 'a' }));
    await until('the run', () => seen.length === 1);
    await jobs.enqueue('follow', { id: 'b' });
    await until('the second run', () => seen.length === 2);
    expect(seen).toEqual([[{ id: 'a' }, 'req_1'], [{ id: 'b' }, undefined]]);
  });

  it('keeps ids of different jobs apart, and ids with colons or digits alone', async () => {
    const ran: string[] = [];
    const jobs = makeJobs(['one', 'two'].map((jobName) => job(jobName, async () => void ran.push(jobName))));
    await jobs.start();
    for (const jobId of ['a:b', '42', '0']) for (const jobName of ['one', 'two']) await jobs.enqueue(jobName, {}, { jobId });
    await until('six runs', () => ran.length === 6);
  });

  it('runs the same id again once the first run is over', async () => {
    let runs = 0;
    const jobs = makeJobs([job('again', async () => void (runs += 1))]);
    await jobs.start();
    for (const wanted of [1, 2, 3]) {
      await jobs.enqueue('again', { id: 'dlv_1' }, { jobId: 'dlv_1' });
      await until(`run ${wanted}`, () => runs === wanted);
      await until('the run to be over', () => nothingLeft(jobs));
    }
  });

  it('runs the same id again after it had failed for good, with all its tries and the new payload', async () => {
    const seen: (string | undefined)[] = [];
    let works = false;
    const held = gate();
    const jobs = makeJobs([job('healed', async ({ id }) => {
      seen.push(id);
      if (works) await held.open; // so that the three enqueues below fall into one run
      if (!works) throw new Error('down');
    }, { attempts: 2, firstRetryMs: 20 })]);
    await jobs.start();
    await jobs.enqueue('healed', { id: 'first' }, { jobId: 'dlv_1' });
    await until('the failure', async () => (await jobs.counts()).failed === 1);
    await jobs.enqueue('healed', { id: 'second' }, { jobId: 'dlv_1' });
    await until('two more tries', () => seen.length === 4);
    await until('the second failure', async () => (await jobs.counts()).failed === 1);
    works = true;
    await Promise.all([1, 2, 3].map(() => jobs.enqueue('healed', { id: 'third' }, { jobId: 'dlv_1' })));
    held.letGo();
    await until('success', async () => seen.length === 5 && (await nothingLeft(jobs)));
    expect(seen).toEqual(['first', 'first', 'second', 'second', 'third']);
  });

  it('fires a schedule each time, forgets it when it is no longer registered', async () => {
    const queueName = newQueue();
    const firedAt: number[] = [];
    const tick = job('tick', async () => void firedAt.push(Date.now()));
    const first = makeJobs([tick], [{ job: 'tick', cron: '* * * * * *', timeZone: 'Asia/Shanghai' }], { queueName });
    await first.start();
    await until('three ticks', () => firedAt.length >= 3);
    expect(new Set(firedAt.map((time) => Math.floor(time / 1000))).size).toBe(firedAt.length);
    await first.stop();
    const second = makeJobs([tick], [], { queueName });
    await second.start();
    // A tick already in the queue may still run.
    await until('an empty queue', () => nothingLeft(second));
    const fired = firedAt.length;
    await sleep(2_200);
    expect(firedAt.length).toBe(fired);
  });

  it('makes up once for ticks missed while nobody ran', async () => {
    const queueName = newQueue();
    let fired = 0;
    const tick = job('tick', async () => void (fired += 1));
    const schedules = [{ job: 'tick', cron: '0 0 3 1 1 *' }];
    const first = makeJobs([tick], schedules, { queueName });
    await first.start();
    await first.stop();
    expect(fired).toBe(0);
    // As if the process had been away over New Year.
    await test.missTick(queueName, 'tick');
    const second = makeJobs([tick], schedules, { queueName });
    await second.start();
    await until('the missed tick', () => fired === 1);
    await sleep(300);
    expect([fired, (await second.counts()).delayed]).toEqual([1, 2]);
  });

  it('plans one tick when several processes start at once', async () => {
    const queueName = newQueue();
    const several = [1, 2, 3, 4].map(() => makeJobs([job('tick', async () => undefined)], [{ job: 'tick', cron: '0 3 1 1 *' }], { queueName }));
    await Promise.all(several.map((jobs) => jobs.start()));
    expect((await several[0]?.counts())?.delayed).toBe(2);
  });

  it('refuses a cron expression it cannot read', async () => {
    const jobs = makeJobs([job('tick', async () => undefined)], [{ job: 'tick', cron: 'every day' }]);
    await expect(jobs.start()).rejects.toMatchObject({ code: 'JOB_CRON_INVALID' });
  });

  it('takes up the job of a worker that was killed', async () => {
    const queueName = newQueue();
    const child = workerProcess(test.store, queueName, `jobs.register([define('long', () => sleep(60_000))]);`);
    children.push(child);
    const jobs = makeJobs([job('long', async () => void (ranAt = performance.now()))], [], { queueName, lockMs: 4_000 });
    let ranAt = 0;
    await jobs.enqueue('long', { id: 'dlv_1' }, { jobId: 'dlv_1' });
    await until('the other worker to take it', async () => (await jobs.counts()).active === 1);
    await jobs.start();
    let left = Number.POSITIVE_INFINITY;
    await until('the lock to be renewed', async () => {
      const before = left;
      left = await test.lockLeftMs(queueName);
      return left > before;
    });
    expect(ranAt).toBe(0);
    child.kill('SIGKILL');
    await until('the job to be taken up', () => ranAt > 0);
    expect(logged.some(({ message }) => message === 'job taken over from a worker that is gone')).toBe(true);
  }, 300_000);

  it('goes on after its connections were cut', async () => {
    const ran: string[] = [];
    const jobs = makeJobs([job('note', async ({ id }) => void ran.push(id ?? ''))]);
    await jobs.start();
    await jobs.enqueue('note', { id: 'before' });
    await until('the first run', () => ran.length === 1);
    await test.cutConnections();
    await sleep(200);
    await until('an enqueue to work', () => jobs.enqueue('note', { id: 'after' }, { jobId: 'after' }).then(() => true, () => false));
    await until('the second run', () => ran.includes('after'));
  });

  it('lets running jobs end when it stops, takes no more, and refuses what comes later', async () => {
    const queueName = newQueue();
    const ended: string[] = [];
    const held = gate();
    const jobs = makeJobs([job('slow', async ({ id }) => { await held.open; ended.push(id ?? ''); })], [], { queueName, concurrency: 2 });
    await jobs.start();
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => jobs.enqueue('slow', { id })));
    await until('two at work', async () => (await jobs.counts()).active === 2);
    const stopped = jobs.stop();
    held.letGo();
    await stopped;
    expect(ended.length).toBe(2);
    await expect(jobs.enqueue('slow', {})).rejects.toMatchObject({ code: 'JOBS_STOPPED' });
    const look = makeJobs([], [], { queueName });
    expect(await look.counts()).toMatchObject({ waiting: 2, active: 0, failed: 0 });
  });

  it('warns a job that does not end, and hands it to the next worker without spending a try', async () => {
    const queueName = newQueue();
    const attempts: number[] = [];
    const obedient = job('obedient', async (_payload, { signal, attempt }) => {
      attempts.push(attempt);
      if (attempts.length === 1) await sleep(60_000, undefined, { signal });
    });
    const first = makeJobs([obedient], [], { queueName, stopWithinMs: 5_000 });
    await first.start();
    await first.enqueue('obedient', {});
    await until('the run', () => attempts.length === 1);
    const second = makeJobs([obedient], [], { queueName });
    await second.start();
    await first.stop();
    await until('the second run', () => attempts.length === 2);
    expect(attempts).toEqual([1, 1]);
  });

  it('cuts off a job that ignores the warning, and leaves it locked for whoever takes it over', async () => {
    const queueName = newQueue();
    let [begun, ended] = [false, false];
    const jobs = makeJobs([job('deaf', async () => { begun = true; await sleep(10_000); ended = true; })], [], { queueName, stopWithinMs: 1_200, lockMs: 60_000 });
    await jobs.start();
    await jobs.enqueue('deaf', {});
    await until('the run', () => begun);
    await jobs.stop();
    expect(ended).toBe(false);
    expect(logged.at(-1)).toEqual({ level: 'warn', message: 'jobs cut off', fields: { count: 1 } });
    await until('the deaf job to end', () => ended);
    expect(await test.lockLeftMs(queueName)).toBeGreaterThan(0);
  });

  it('refuses unknown names, unfit payloads and double registration', async () => {
    const jobs = makeJobs([job('known', async () => undefined)]);
    await expect(jobs.enqueue('unknown', {})).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
    await expect(jobs.enqueue('known', { to: 'canary@example.com' })).rejects.toMatchObject({ code: 'JOB_PAYLOAD_NOT_IDS' });
    await expect(jobs.enqueue('known', {}, { jobId: 'two words' })).rejects.toMatchObject({ code: 'JOB_NAME_INVALID' });
    expect(() => jobs.register([job('known', async () => undefined)])).toThrow(expect.objectContaining({ code: 'JOB_DUPLICATE_NAME' }));
  });
});

describe('the tables of PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof queueDatabase>>;
  beforeAll(async () => { database = await queueDatabase(adminUrl()); }, 30_000);
  afterAll(() => database.drop(), 30_000);

  it('runs as a role that may not make or drop anything, and migrates again and again without harm', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrateJobs(database.url, database.role)));
    const client = new Client({ connectionString: database.roleUrl });
    await client.connect();
    try {
      for (const ddl of ['create table bullmq.mine (id int)', 'create sequence bullmq.mine', 'drop table bullmq.job', 'create schema mine', 'delete from bullmq.migration'])
        await expect(client.query(ddl)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });

  it('comes out of a deadlock of the look for stalled jobs with other locks on them, and looks again', async () => {
    const other = new Client({ connectionString: database.url });
    await other.connect();
    // The look is the one to notice, however late the other comes to close the circle.
    await other.query(`alter role ${database.role} set deadlock_timeout = '3s'`);
    await other.query("set deadlock_timeout = '60s'");
    const deadlocks = async (): Promise<number> =>
      Number((await other.query<{ n: string }>('select pg_stat_force_next_flush(), deadlocks as n from pg_stat_database where datname = current_database()')).rows[0]!.n);
    const before = await deadlocks();
    const { open: letGo, letGo: release } = gate();
    const queueName = newQueue();
    const jobs = new Jobs({ connectionString: database.roleUrl, queueName, log, lockMs: 12_000 });
    jobs.register([job('hold', () => letGo)], []);
    open.push(jobs);
    try {
      await jobs.start();
      for (const id of ['a', 'b', 'c']) await jobs.enqueue('hold', {}, { jobId: id });
      await until('all at work', async () => (await jobs.counts()).active === 3);
      await other.query('begin');
      await other.query("select from bullmq.job where ctid = (select max(ctid) from bullmq.job where queue = $1 and state = 'active') for update", [queueName]);
      await until('the look stands before a lock', async () => (await other.query(
        "select 1 from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.usename = $1 and a.query like '%move_stalled_jobs_to_wait%'", [database.role])).rowCount! > 0);
      await other.query("select from bullmq.job where queue = $1 and state = 'active' for update", [queueName]);
      await other.query('commit');
      await until('the look has seen all of them', async () =>
        (await other.query("select 1 from bullmq.job where queue = $1 and state = 'active' and stalled_marked", [queueName])).rowCount === 3);
      expect(await deadlocks()).toBe(before + 1);
      expect(logged).toEqual([]);
    } finally {
      release();
      await other.end();
    }
  }, 60_000);

  it('says so when the tables are missing, and starts once they are there', async () => {
    const jobs = new Jobs({ connectionString: database.url, schema: 'elsewhere', queueName: newQueue(), log });
    open.push(jobs);
    await expect(jobs.start()).rejects.toMatchObject({ name: 'SchemaMigrationRequiredError' });
    await migrateJobs(database.url, undefined, 'elsewhere');
    await jobs.start();
  });
});
