// What a queue meets in its life: servers that go and come, processes that die, clocks that differ, a memory that is lost.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defineJob, type DueJob, type JobDefinition, type JobSchedule } from './definition.js';
import { Jobs, type JobsOptions } from './jobs.js';
import type { JobStore } from './backend.js';
import { openTestServer, STORES, workerProcess, type TestServer } from './test-stores.test.js';

const logged: string[] = [];
const log = { warn: (message: string) => void logged.push(message), error: (message: string) => void logged.push(message) };
const open: Jobs[] = [];
const children: ChildProcess[] = [];
let queues = 0;
const newQueue = (): string => `hard-${++queues}`;

interface Payload { readonly id?: string }
const job = (name: string, run: JobDefinition<Payload>['run'], more: Partial<JobDefinition<Payload>> = {}) =>
  defineJob<Payload>({ name, payload: (payload) => payload as Payload, run, ...more });

async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(20);
  }
  return performance.now() - startedAt;
}

describe.each(STORES)('a queue on %s', (storeName) => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => { server = await openTestServer(storeName); }, 60_000);
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'quanyu-hard-')); });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(open.splice(0).map((jobs) => jobs.stop()));
    await rm(folder, { recursive: true, force: true });
    logged.length = 0;
  }, 300_000);
  afterAll(() => server.close(), 30_000);

  const make = (definitions: readonly JobDefinition<unknown>[], schedules: JobSchedule[] = [], options: Partial<Omit<JobsOptions, keyof JobStore>> = {}): Jobs => {
    const jobs = new Jobs({ ...server.store, queueName: newQueue(), log, ...options });
    jobs.register(definitions, schedules);
    open.push(jobs);
    return jobs;
  };
  const notes = async (): Promise<string[]> => (await readFile(join(folder, 'notes'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const worker = (queueName: string, code: string, options: { lockMs?: number; clockMs?: number } = {}): ChildProcess => {
    const child = workerProcess(server.store, queueName, code, { file: join(folder, 'notes'), ...options });
    children.push(child);
    return child;
  };

  it.each(['stopServer', 'killServer'] as const)('goes on by itself after its server was away (%s), with what waited, ran and came due meanwhile', async (takeAway) => {
    const ran: string[] = [];
    const ticks: number[] = [];
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { letGo = resolve; });
    const jobs = make([
      job('note', async ({ id = '' }) => void ran.push(id)),
      job('hold', async () => { ran.push('held'); await held; ran.push('let go'); }),
      job('tick', async () => void ticks.push(Date.now())),
    ], [{ job: 'tick', cron: '* * * * * *' }], { lockMs: 120_000 });
    await jobs.start();
    await jobs.enqueue('hold', {}, { jobId: 'one' });
    await jobs.enqueue('note', { id: 'due-while-away' }, { jobId: 'due', delayMs: 1_500 });
    await until('a job at work', () => ran.includes('held'));
    await server[takeAway]();
    await expect(jobs.enqueue('note', { id: 'asked-while-away' }, { jobId: 'away' })).rejects.toBeDefined();
    await sleep(2_000);
    letGo();
    await server.startServer();
    const backAt = Date.now();
    await until('the job that ran meanwhile to be over', () => ran.includes('let go'));
    await until('the job that came due meanwhile', () => ran.includes('due-while-away'));
    await until('an enqueue to work again', () => jobs.enqueue('note', { id: 'after' }, { jobId: 'after' }).then(() => true, () => false));
    await until('its run', () => ran.includes('after'));
    await until('the clock to tick again', () => ticks.some((time) => time > backAt));
    await until('nothing at work', async () => (await jobs.counts()).active === 0);
    expect(ran.filter((id) => id === 'let go' || id === 'due-while-away')).toHaveLength(2);
  }, 300_000);

  it('is filled again from the database when it forgets everything, and its schedules tick on', async () => {
    const due = new Set(Array.from({ length: 1_200 }, (_, n) => `dlv_${String(n).padStart(4, '0')}`));
    const runs = new Map<string, number>();
    let ticks = 0;
    async function* pages(): AsyncGenerator<readonly DueJob<Payload>[]> {
      const all = [...due];
      for (let at = 0; at < all.length; at += 200) yield all.slice(at, at + 200).map((id) => ({ payload: { id }, jobId: id }));
    }
    const jobs = make([
      job('deliver', async ({ id = '' }) => {
        runs.set(id, (runs.get(id) ?? 0) + 1);
        await sleep(5);
        due.delete(id);
      }, { due: pages }),
      job('tick', async () => void (ticks += 1)),
    ], [{ job: 'tick', cron: '* * * * * *' }], { concurrency: 2 });
    await jobs.enqueueAll('deliver', [...due].map((id) => ({ payload: { id }, jobId: id })));
    await jobs.start();
    await until('a third to be done', () => due.size < 800);
    await server.forget();
    const ticksBefore = ticks;
    await until('all to be done', () => due.size === 0, 150_000);
    await until('the clock to tick on', () => ticks > ticksBefore + 1);
    expect(runs.size).toBe(1_200);
    expect(logged).toContain('the job queue had lost its memory and is filled again');
    // Those that ran when the memory went may have been run once more, no others.
    expect([...runs.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(4);
  }, 300_000);

  it('enqueues what nobody had asked for, and costs an intact queue one batch only', async () => {
    let asked: number[] = [];
    async function* pages(): AsyncGenerator<readonly DueJob<Payload>[]> {
      for (let page = 0; page < 3; page += 1) {
        asked.push(page);
        yield [1, 2].map((n) => ({ payload: { id: `p${page}n${n}` }, jobId: `p${page}n${n}` }));
      }
    }
    const slow = job('deliver', (_payload, { signal }) => sleep(60_000, undefined, { signal }), { due: pages });
    const jobs = make([slow], [], { concurrency: 8, stopWithinMs: 1_100 });
    await jobs.start();
    await until('all three pages to be enqueued', async () => (await jobs.counts()).waiting + (await jobs.counts()).active >= 6, 15_000);
    expect(asked).toEqual([0, 1, 2]);
    asked = [];
    await until('the next round', () => asked.length > 0, 15_000);
    await sleep(500);
    expect(asked).toEqual([0, 1]);
  }, 300_000);

  it('hands the jobs of a killed process to another, and runs none twice at once', async () => {
    const queueName = newQueue();
    const code = `jobs.register([define('work', async ({ id }) => { note('start ' + id + ' ' + process.pid + ' ' + real()); await sleep(40); note('end ' + id + ' ' + process.pid + ' ' + real()); })]);`;
    const [doomed] = [worker(queueName, code, { lockMs: 2_000 }), worker(queueName, code, { lockMs: 2_000 })];
    await until('both to be ready', async () => (await notes()).filter((line) => line.startsWith('ready')).length === 2);
    const jobs = make([job('work', async () => undefined)], [], { queueName });
    await jobs.enqueueAll('work', Array.from({ length: 150 }, (_, n) => ({ payload: { id: `j${n}` }, jobId: `j${n}` })));
    await until('some to be done', async () => (await notes()).filter((line) => line.startsWith('end')).length > 40);
    doomed!.kill('SIGKILL');
    const killedAt = Date.now();
    await until('all to be done', async () => new Set((await notes()).filter((line) => line.startsWith('end')).map((line) => line.split(' ')[1])).size === 150, 40_000);
    expect(Date.now() - killedAt).toBeLessThan(30_000);
    const running = new Map<string, string>();
    const doubled: string[] = [];
    for (const line of await notes()) {
      const [what, id = '', pid = ''] = line.split(' ');
      if (what === 'end') running.delete(id);
      if (what !== 'start') continue;
      // What the killed process had begun is not running any more.
      if (running.has(id) && running.get(id) !== String(doomed!.pid)) doubled.push(line);
      running.set(id, pid);
    }
    expect(doubled).toEqual([]);
  }, 300_000);

  it('gives up a job that kills every process that takes it, and does the others', async () => {
    const queueName = newQueue();
    const code = `jobs.register([
      define('poison', async () => { note('poison'); await sleep(20); process.kill(process.pid, 'SIGKILL'); }),
      define('good', async ({ id }) => { note('good ' + id); }),
    ]);`;
    const jobs = make([job('poison', async () => undefined), job('good', async () => undefined)], [], { queueName });
    await jobs.enqueue('poison', {}, { jobId: 'p' });
    for (let n = 0; n < 20; n += 1) await jobs.enqueue('good', { id: String(n) }, { jobId: String(n) });
    let stopped = false;
    const respawn = (): void => {
      if (stopped) return;
      worker(queueName, code, { lockMs: 600 }).once('exit', respawn);
    };
    respawn();
    try {
      await until('the poison to be given up', async () => (await jobs.counts()).failed === 1, 90_000);
    } finally {
      stopped = true;
    }
    const lines = await notes();
    expect(lines.filter((line) => line === 'poison')).toHaveLength(11);
    expect(new Set(lines.filter((line) => line.startsWith('good'))).size).toBe(20);
  }, 300_000);

  it.each([-20_000, 20_000])('judges locks by one clock when a machine is %i ms off', async (clockMs) => {
    const queueName = newQueue();
    worker(queueName, `jobs.register([define('long', async () => { note('start'); await sleep(7_000); note('end'); })]);`, { lockMs: 2_000, clockMs });
    await until('the other to be ready', async () => (await notes()).some((line) => line.startsWith('ready')));
    let taken = 0;
    const jobs = make([job('long', async () => { taken += 1; })], [], { queueName, lockMs: 2_000 });
    await jobs.enqueue('long', {}, { jobId: 'one' });
    await until('it to be taken by the other', async () => (await notes()).includes('start'));
    await jobs.start();
    await until('it to end', async () => (await notes()).includes('end'));
    expect(taken).toBe(0);
    expect((await notes()).filter((line) => line === 'start')).toHaveLength(1);
  }, 300_000);

  it('lets urgent jobs go before normal ones, and these before bulk, however many wait', async () => {
    const ran: string[] = [];
    const jobs = make((['urgent', 'normal', 'bulk'] as const).map((priority) => job(priority, async () => void ran.push(priority), { priority })), [], { concurrency: 1 });
    for (const name of ['bulk', 'normal', 'urgent']) await jobs.enqueueAll(name, Array.from({ length: 50 }, (_, n) => ({ payload: {}, jobId: `n${n}` })));
    await jobs.start();
    await until('all runs', () => ran.length === 150);
    expect(ran).toEqual(['urgent', 'normal', 'bulk'].flatMap((name) => Array.from({ length: 50 }, () => name)));
  });

  it('takes the longest payload that is allowed, and a thousand of them', async () => {
    const ids = Array.from({ length: 500 }, (_, n) => `dlv_${String(n).padStart(76, '0')}`);
    let sizes = 0;
    const jobs = make([defineJob<{ ids: string[] }>({ name: 'big', payload: (payload) => payload as { ids: string[] }, run: async (payload) => { sizes += payload.ids.length; } })]);
    await jobs.enqueueAll('big', Array.from({ length: 100 }, (_, n) => ({ payload: { ids }, jobId: `n${n}` })));
    await jobs.start();
    await until('all runs', () => sizes === 100 * 500);
  });

  it('plans what the newest release says, and keeps it so while an older process still runs', async () => {
    const queueName = newQueue();
    const fired: string[] = [];
    const definitions = ['a', 'b'].map((name) => job(name, async () => void fired.push(name)));
    const older = make(definitions, [{ job: 'a', cron: '* * * * * *' }, { job: 'b', cron: '* * * * * *' }], { queueName });
    await older.start();
    await until('both to fire', () => fired.includes('a') && fired.includes('b'));
    const newer = make(definitions, [{ job: 'b', cron: '*/2 * * * * *' }], { queueName });
    await newer.start();
    await sleep(1_500);
    fired.length = 0;
    // Longer than an older process takes to look after its schedules.
    await sleep(8_000);
    expect(fired).not.toContain('a');
    expect(fired.length).toBeGreaterThanOrEqual(3);
    expect(fired.length).toBeLessThanOrEqual(5);
  }, 300_000);

  it('fires by the clock of the time zone', async () => {
    const queueName = newQueue();
    const jobs = make([job('early', async () => undefined)], [{ job: 'early', cron: '30 4 * * *', timeZone: 'Asia/Shanghai' }, { job: 'early', cron: '30 2 * * *', timeZone: 'Europe/Berlin' }], { queueName });
    await jobs.start();
    const planned = await jobs.plannedTicks();
    const shanghai = planned.find(({ timeZone }) => timeZone === 'Asia/Shanghai')!.at;
    expect([shanghai.getUTCHours(), shanghai.getUTCMinutes()]).toEqual([20, 30]);
    const berlin = planned.find(({ timeZone }) => timeZone === 'Europe/Berlin')!.at;
    expect(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' }).format(berlin)).toBe('02:30');
  });
});
