import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rename, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import { EmbeddedPostgresError } from './failure.js';
import { readPostmaster, shutDown } from './postmaster.js';
import { isAlive } from './processes.js';
import { settingArguments, type ServerSettings } from './settings.js';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const READY_LIMIT_MINUTES = 10;

/** Starts the server on an existing cluster and waits until it takes connections. Returns its process id. */
export async function launch(folder: DataFolder, binaries: Binaries, port: number, settings: ServerSettings, say: (line: string) => void): Promise<number> {
  const logFrom = await rotate(folder.logFile);
  let pid: number | undefined;
  try {
    pid = await spawnServer(folder, [binaries.postgres, '-D', folder.cluster, '-p', String(port), ...settingArguments(settings)]);
    await waitReady(folder.cluster, pid, say);
    return pid;
  } catch (error) {
    if (pid !== undefined) await shutDown(pid, folder.cluster, binaries);
    const reason = (await tail(folder.logFile, logFrom)) || (error as Error).message;
    throw new EmbeddedPostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start. The end of ${folder.logFile}:\n${reason}`, { cause: error });
  }
}

async function spawnServer(folder: DataFolder, [program = '', ...args]: string[]): Promise<number> {
  const log = await open(folder.logFile, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in a terminal must not reach the server before those who use it have finished.
    const child = spawn(program, args, { ...folder.account, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, detached: true, stdio: ['ignore', log.fd, log.fd] });
    await once(child, 'spawn');
    child.unref();
    return child.pid!;
  } finally {
    await log.close();
  }
}

/** Waits until a server takes connections; after a crash it replays its log first, which may take a while. */
export async function waitReady(cluster: string, pid: number, say: (line: string) => void): Promise<void> {
  const began = Date.now();
  for (let told = began; Date.now() - began < READY_LIMIT_MINUTES * 60_000; await sleep(20)) {
    const found = await readPostmaster(cluster);
    if (found?.pid === pid && found.status === 'ready') return;
    if (!isAlive(pid)) throw new Error('the server ended before it was ready');
    if (Date.now() - told > 10_000) {
      told = Date.now();
      say('PostgreSQL is still starting: after a crash it replays its log');
    }
  }
  throw new Error(`the server was not ready after ${READY_LIMIT_MINUTES} minutes`);
}

/** Puts a long log aside; returns where what comes next begins. */
async function rotate(logFile: string): Promise<number> {
  const size = await stat(logFile).then((found) => found.size, () => 0);
  if (size < LOG_LIMIT_BYTES) return size;
  await rename(logFile, `${logFile}.1`);
  return 0;
}

async function tail(logFile: string, from: number): Promise<string> {
  const file = await open(logFile, 'a+');
  try {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(16_384), position: from });
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-15).join('\n');
  } finally {
    await file.close();
  }
}
