import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis of this house's own. */
export interface RunningRedis {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const PROGRAMS = ['redis-server', 'valkey-server'];

/** The Redis that this machine could start; null where there is none. */
export const findRedis = (): string | null => PROGRAMS.find((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0) ?? null;

/** Starts a Redis that keeps nothing on disk: what its jobs stand for is in PostgreSQL. */
export async function startRedis(program: string, dataDir: string, port: number): Promise<RunningRedis> {
  const folder = join(dataDir, 'redis');
  await mkdir(folder, { recursive: true });
  const pidFile = join(folder, 'pid');
  await endOrphan(pidFile);
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--loglevel', 'warning'], { stdio: 'ignore' });
  const atExit = (): void => { child.kill('SIGKILL'); };
  process.once('exit', atExit);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await writeFile(pidFile, String(child.pid));
  await listening(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid!,
    stop: async () => {
      process.off('exit', atExit);
      child.kill('SIGTERM');
      await exited;
      await rm(pidFile, { force: true });
    },
  };
}

/** What a killed run has left behind would only be in the way. */
async function endOrphan(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!(pid > 1)) return;
  // Numbers are used again: it must still be what we had started.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (PROGRAMS.some((program) => command.includes(program))) process.kill(pid, 'SIGKILL');
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await sleep(25);
  }
  throw new Error('Redis did not start');
}
