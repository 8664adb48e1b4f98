// The stores that the tests of this package run on, and what only a test wants to know of them. It ends in .test.ts
// because its tools are no part of the product; the one test below runs again in each file that imports it.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startPostgres } from '@quanyu/database';
import { findRedis, startTestRedis, type TestRedis } from '@quanyu/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { JobStore } from './backend.js';
import { migrateJobs } from './migrate.js';

export interface TestStore {
  readonly store: JobStore;
  connections(): Promise<number>;
  cutConnections(): Promise<void>;
  /** Of the one active job, how long its lock still lasts; 0 when it is not locked. */
  lockLeftMs(queueName: string): Promise<number>;
  failedJobs(queueName: string): Promise<{ reason: string; attempts: number }[]>;
  everythingStored(): Promise<string>;
  /** Has the one schedule's tick planned for an hour ago, as if nobody had been there. */
  missTick(queueName: string, job: string): Promise<void>;
  close(): Promise<void>;
}

/** A store on a server of its own, which can be taken away. */
export interface TestServer {
  readonly store: JobStore;
  stopServer(): Promise<void>;
  killServer(): Promise<void>;
  startServer(): Promise<void>;
  /** Has the store forget everything: FLUSHALL, or empty tables. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export const STORES = ['PostgreSQL', ...(findRedis() === null ? [] : ['Redis'])] as const;
export type StoreName = (typeof STORES)[number];
export const openTestStore = (name: StoreName): Promise<TestStore> => (name === 'Redis' ? redisStore() : postgresStore());

export const openTestServer = (name: StoreName): Promise<TestServer> => (name === 'Redis' ? redisServer() : postgresServer());

const HOUR_MS = 3_600_000;
export const adminUrl = (): string => process.env['QUANYU_TEST_ADMIN_URL'] ?? 'no PostgreSQL for this test: run it through npm test';

/** A database with the queue's tables and a role that may use them. */
export async function queueDatabase(serverUrl: string): Promise<{ readonly url: string; readonly roleUrl: string; readonly role: string; leave(): Promise<void>; drop(): Promise<void> }> {
  const name = `jobs_${randomBytes(4).toString('hex')}`;
  const role = `${name}_run`;
  const at = (user?: string): string => {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    if (user) [url.username, url.password] = [user, 'fake-password'];
    return url.href;
  };
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.query(`create role ${role} login password 'fake-password'`);
  await migrateJobs(at(), role);
  return {
    url: at(), roleUrl: at(role), role,
    leave: () => admin.end(),
    drop: async () => {
      await admin.query(`drop database ${name} with (force)`);
      await admin.query(`drop role ${role}`);
      await admin.end();
    },
  };
}

async function postgresStore(): Promise<TestStore> {
  const database = await queueDatabase(adminUrl());
  const inside = new Client({ connectionString: database.url });
  await inside.connect();
  const one = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row | undefined> => (await inside.query<Row>(text, values)).rows[0];
  return {
    store: { connectionString: database.roleUrl },
    connections: async () => (await one<{ n: number }>('select count(*)::int as n from pg_stat_activity where usename = $1', [database.role]))?.n ?? 0,
    cutConnections: async () => { await inside.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [database.role]); },
    lockLeftMs: async (queueName) => {
      const row = await one<{ until: string | null }>(`select locked_until_ms as until from bullmq.job where queue = $1 and state = 'active'`, [queueName]);
      return Math.max(0, Number(row?.until ?? 0) - Date.now());
    },
    failedJobs: async (queueName) =>
      (await inside.query<{ reason: string; attempts: number }>(`select failed_reason as reason, attempts_made as attempts from bullmq.job where queue = $1 and state = 'failed'`, [queueName])).rows,
    everythingStored: async () =>
      (await one<{ all: string }>(`select coalesce((select json_agg(j) from bullmq.job j)::text, '') || coalesce((select json_agg(e) from bullmq.event e)::text, '') as all`))?.all ?? '',
    missTick: async (queueName, job) => {
      const planned = Date.now() - HOUR_MS;
      await inside.query(`update bullmq.job set process_at_ms = $2::bigint, id = 'repeat:' || scheduler_id || ':' || $2::bigint where queue = $1 and name = $3`, [queueName, planned, job]);
      await inside.query(`update bullmq.scheduler set next_run_ms = $2 where queue = $1 and scheduler_id like $3`, [queueName, planned, `${job}|%`]);
    },
    close: async () => {
      await inside.end();
      await database.drop();
    },
  };
}

async function redisStore(): Promise<TestStore> {
  const server: TestRedis = await startTestRedis();
  const inside = new Redis(server.url);
  const clients = async (): Promise<string[]> =>
    [...String(await inside.client('LIST')).matchAll(/^id=(\d+) .*?name=(?!\s)(\S+)/gm)].map(([, id]) => id!);
  const keys = (queueName: string, what: string): string => `quanyu:${queueName}:${what}`;
  return {
    store: { redisUrl: server.url },
    connections: async () => (await clients()).length,
    cutConnections: async () => { for (const id of await clients()) await inside.client('KILL', 'ID', id); },
    lockLeftMs: async (queueName) => {
      const [id] = await inside.lrange(keys(queueName, 'active'), '0', '0');
      return id === undefined ? 0 : Math.max(0, await inside.pttl(`${keys(queueName, id)}:lock`));
    },
    failedJobs: async (queueName) => Promise.all((await inside.zrange(keys(queueName, 'failed'), '0', '-1')).map(async (id) => {
      const { failedReason = '', atm = '0' } = await inside.hgetall(keys(queueName, id));
      return { reason: failedReason, attempts: Number(atm) };
    })),
    everythingStored: async () => {
      const all: string[] = [];
      for (const key of await inside.keys('*')) {
        const type = await inside.type(key);
        if (type === 'hash') all.push(JSON.stringify(await inside.hgetall(key)));
        else if (type === 'stream') all.push(JSON.stringify(await inside.xrange(key, '-', '+')));
        else if (type === 'string') all.push(String(await inside.get(key)));
        else if (type === 'zset') all.push(JSON.stringify(await inside.zrange(key, '0', '-1')));
        else if (type === 'list') all.push(JSON.stringify(await inside.lrange(key, '0', '-1')));
        all.push(key);
      }
      return all.join('\n');
    },
    missTick: async (queueName, job) => {
      const planned = Date.now() - HOUR_MS;
      const [id] = (await inside.zrange(keys(queueName, 'repeat'), '0', '-1')).filter((name) => name.startsWith(`${job}|`));
      const next = await inside.zscore(keys(queueName, 'repeat'), id!);
      await inside.zadd(keys(queueName, 'repeat'), planned, id!);
      await inside.rename(keys(queueName, `repeat:${id}:${next}`), keys(queueName, `repeat:${id}:${planned}`));
      await inside.zrem(keys(queueName, 'delayed'), `repeat:${id}:${next}`);
      await inside.zadd(keys(queueName, 'delayed'), planned * 0x1000, `repeat:${id}:${planned}`);
    },
    close: async () => {
      inside.disconnect();
      await server.close();
    },
  };
}

async function redisServer(): Promise<TestServer> {
  const server = await startTestRedis();
  return {
    ...server,
    store: { redisUrl: server.url },
    forget: async () => {
      const client = new Redis(server.url);
      await client.flushall();
      client.disconnect();
    },
  };
}

async function postgresServer(): Promise<TestServer> {
  const dataDir = await mkdtemp('/tmp/quanyu-jobs-');
  await chmod(dataDir, 0o711);
  let server = await startPostgres({ dataDir });
  const database = await queueDatabase(server.adminUrl);
  // Its connection would keep the server from stopping, and its database goes with the folder.
  await database.leave();
  return {
    store: { connectionString: database.roleUrl },
    stopServer: () => server.stop(),
    killServer: async () => {
      process.kill(server.pid, 'SIGKILL');
      await sleep(100);
      await server.stop().catch(() => undefined);
    },
    startServer: async () => { server = await startPostgres({ dataDir, port: server.port }); },
    forget: async () => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      await client.query('truncate bullmq.job, bullmq.scheduler, bullmq.meta, bullmq.event cascade');
      await client.end();
    },
    close: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * A worker in a process of its own, from the built package, as in production. `code` registers what it needs on `jobs`
 * and may use `note(text)`, which appends a line to `file` at once.
 */
export function workerProcess(store: JobStore, queueName: string, code: string, { file = '/dev/null', lockMs = 4_000, clockMs = 0 } = {}): ChildProcess {
  const text = `
    import { appendFileSync } from 'node:fs';
    const real = Date.now; Date.now = () => real() + ${clockMs};
    const { Jobs } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)});
    const note = (text) => appendFileSync(${JSON.stringify(file)}, text + '\\n');
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const jobs = new Jobs({ ...${JSON.stringify(store)}, queueName: ${JSON.stringify(queueName)}, lockMs: ${lockMs}, log: { warn: () => undefined, error: () => undefined } });
    const define = (name, run, more = {}) => ({ name, payload: (p) => p, run, ...more });
    ${code}
    await jobs.start();
    note('ready ' + process.pid);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  children.add(child);
  return child;
}

// Whatever a test forgot must not outlive it.
const children = new Set<ChildProcess>();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

it('finds PostgreSQL, and Redis where there is one', () => {
  expect(STORES).toContain('PostgreSQL');
});
