import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isAlive } from './processes.js';
import { startPostgres, type EmbeddedPostgres } from './start.js';

const BUILT = join(import.meta.dirname, '../../dist/embedded-postgres/start.js');
const QUICK = { fsync: 'off' };

let dataDir: string;
let running: EmbeddedPostgres | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quanyu-embedded-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (options: { port?: number } = {}): Promise<EmbeddedPostgres> => (running = await startPostgres({ dataDir, settings: QUICK, ...options }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** A process that owns a server, wrote a row and waits to be killed. */
async function ownerProcess(): Promise<{ kill(): Promise<void>; server: Pick<EmbeddedPostgres, 'pid' | 'port'> }> {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(BUILT)});
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, settings: ${JSON.stringify(QUICK)} });
    console.log(JSON.stringify({ pid: server.pid, port: server.port }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const exited = once(child, 'exit');
  return {
    server: JSON.parse(String(line)) as EmbeddedPostgres,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('the embedded PostgreSQL', () => {
  it('listens on 127.0.0.1 only, keeps its secrets to itself and stops without a trace', async () => {
    const server = await start();
    const [row] = await query(server.adminUrl, `select current_setting('listen_addresses') as host, current_setting('unix_socket_directories') as socket,
      current_setting('synchronous_commit') as commit, current_setting('server_encoding') as encoding, current_setting('max_connections') as connections`);
    expect(row).toEqual({ host: '127.0.0.1', socket: '', commit: 'on', encoding: 'UTF8', connections: '120' });
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    await expect(stat(join(dataDir, 'initdb-password'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(query(server.adminUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    await expect(stat(join(dataDir, 'cluster', 'postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keeps data, password and port from one start to the next', async () => {
    const first = await start();
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start();
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes over the server whose owner was killed, with its data, and stops it in the end', async () => {
    const owner = await ownerProcess();
    await expect(startPostgres({ dataDir, patienceMs: 0 })).rejects.toMatchObject({ code: 'POSTGRES_DATA_IN_USE' });
    await owner.kill();
    expect(isAlive(owner.server.pid)).toBe(true);
    const adopted = await start();
    expect(adopted).toMatchObject(owner.server);
    await query(adopted.adminUrl, 'create table kept as select 42 as answer');
    await adopted.stop();
    expect(isAlive(owner.server.pid)).toBe(false);
    const next = await start();
    expect(await query(next.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('waits for an owner that is just ending', async () => {
    const owner = await ownerProcess();
    setTimeout(() => void owner.kill(), 500);
    expect(await start()).toMatchObject(owner.server);
  });

  it('recovers when the server was killed together with its owner', async () => {
    const owner = await ownerProcess();
    const password = (await readFile(join(dataDir, 'password'), 'utf8')).trim();
    await query(`postgres://postgres:${password}@127.0.0.1:${owner.server.port}/postgres`, 'create table kept as select 42 as answer');
    process.kill(owner.server.pid, 'SIGKILL');
    await owner.kill();
    const next = await start();
    expect(next.pid).not.toBe(owner.server.pid);
    expect(await query(next.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('is started again, on its port and with its data, when it ends by itself', async () => {
    const server = await start();
    await query(server.adminUrl, 'create table kept as select 42 as answer');
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    const answer = async (): Promise<unknown> => query(server.adminUrl, 'select answer from kept').catch(() => undefined);
    for (const end = Date.now() + 20_000; (await answer()) === undefined && Date.now() < end;) await sleep(100);
    expect(await answer()).toEqual([{ answer: 42 }]);
    expect(server.pid).not.toBe(pid);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('is not misled when the number of a dead server went to another process', async () => {
    await (await start()).stop();
    const stranger = spawn('sleep', ['60']);
    try {
      await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), [stranger.pid, join(dataDir, 'cluster'), 1, 5432, '', '127.0.0.1', '', 'ready   ', ''].join('\n'));
      expect((await start()).pid).not.toBe(stranger.pid);
      expect(isAlive(stranger.pid!)).toBe(true);
    } finally {
      stranger.kill();
    }
  });

  it('says why it does not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({ code: 'POSTGRES_PORT_TAKEN' });
    await new Promise((resolve) => taken.close(resolve));
    await expect(startPostgres({ dataDir, settings: { ...QUICK, shared_buffers: 'plenty' } })).rejects.toThrow(/invalid value for parameter "shared_buffers"/);
    await writeFile(join(dataDir, 'password'), 'wrong');
    await expect(start()).rejects.toMatchObject({ code: 'POSTGRES_DATA_BROKEN' });
    await rm(join(dataDir, 'password'));
    await expect(start()).rejects.toMatchObject({ code: 'POSTGRES_DATA_BROKEN' });
  });
});
