import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisIsRequired } from './environment.js';

/** A Redis of a test's own, on a free port and a folder of its own. */
export interface TestRedis {
  readonly url: string;
  /** Ends it as an operator would; its data stay. */
  stopServer(): Promise<void>;
  /** Ends it by SIGKILL. */
  killServer(): Promise<void>;
  /** Starts it again on the same port and data. */
  startServer(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const BINARIES = ['redis-server', 'valkey-server'];
const READY_MS = 10_000;

// Whatever a test forgot must not outlive it.
const children = new Set<ChildProcess>();
process.once('exit', () => { for (const child of children) child.kill('SIGKILL'); });

let found: string | null | undefined;

/**
 * The Redis server of this machine; null when there is none, which is told once.
 * @throws when there is none although REQUIRE_REDIS=1
 */
export function findRedis(): string | null {
  if (found !== undefined) return found;
  found = BINARIES.find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
  if (found === null && redisIsRequired()) throw new Error(`REQUIRE_REDIS=1, and neither ${BINARIES.join(' nor ')} is on the PATH.`);
  if (found === null) process.stderr.write(`Redis: none of ${BINARIES.join(', ')} is on the PATH, so what needs it is left out.\n`);
  return found;
}

/** Starts a Redis that keeps its data (append-only file, as a careful operator would have it). */
export async function startTestRedis(): Promise<TestRedis> {
  const binary = findRedis();
  if (binary === null) throw new Error('There is no Redis server on this machine; ask findRedis first.');
  const folder = await mkdtemp(join(tmpdir(), 'quanyu-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await gone;
    children.delete(ending);
  };
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    stopServer: () => end('SIGTERM'),
    killServer: () => end('SIGKILL'),
    startServer: async () => {
      child = spawn(binary, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
      children.add(child);
      await answers(port, child);
    },
    close: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await redis.startServer();
  return redis;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until it answers PING, which it refuses while it reads its data. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  for (const endAt = Date.now() + READY_MS; ;) {
    if (await ping(port)) return;
    if (child.exitCode !== null || Date.now() > endAt) throw new Error(`Redis did not answer on port ${port} (exit code ${child.exitCode}).`);
    await sleep(20);
  }
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.once('data', (data) => { resolve(data.toString().startsWith('+PONG')); socket.destroy(); });
    socket.once('error', () => resolve(false));
  });
}
