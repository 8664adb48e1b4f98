import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './failure.js';
import { isAlive, serves } from './processes.js';

/** What a server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping' | 'standby';
}

const pidFile = (cluster: string): string => join(cluster, 'postmaster.pid');

/** Reads `postmaster.pid`; undefined while it is missing or not fully written. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  // Lines: pid, cluster, start time, port, socket folder, address, shared memory, status.
  const lines = (await readFile(pidFile(cluster), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return undefined;
  return { pid, port, status: (lines[7]?.trim() || 'starting') as Postmaster['status'] };
}

/** The server that runs on this cluster, left over by an owner that was killed; undefined when none does. */
export async function findOrphan(cluster: string): Promise<Postmaster | undefined> {
  const found = await readPostmaster(cluster);
  if (found === undefined) return undefined;
  if (isAlive(found.pid) && serves(found.pid, cluster)) return found;
  // The new server would refuse to start beside this file while its number belongs to a stranger or to a zombie.
  // Deleting the file would also switch off PostgreSQL's check for backends that outlived their server. Naming
  // ourselves keeps it: a server knows that its own parent cannot be another server.
  const text = await readFile(pidFile(cluster), 'utf8');
  await writeFile(pidFile(cluster), text.replace(/^\d+/, String(process.pid)));
  return undefined;
}

/** Stops a server: at once but in order (open transactions are rolled back), and hard when that takes more than ten seconds. */
export async function shutDown(pid: number, cluster: string, binaries: Binaries): Promise<void> {
  for (const [signal, mode, seconds] of [['SIGINT', 'fast', 10], ['SIGQUIT', 'immediate', 10]] as const) {
    if (!isAlive(pid)) return;
    if (process.platform === 'win32') execFile(binaries.pgCtl, ['stop', '-D', cluster, '-m', mode, '-W']);
    else tell(pid, signal);
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      if (!isAlive(pid)) return;
      await sleep(20);
    }
  }
  throw new EmbeddedPostgresError('POSTGRES_STOP_FAILED', `PostgreSQL (process ${pid}) did not stop within 20 s; look at the log in its data folder.`);
}

/** Sends a signal to a process that may be gone already. */
export function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime, which is what was wanted.
  }
}
