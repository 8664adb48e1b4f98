import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, systemCode } from './failure.js';
import { beginning, isAlive } from './processes.js';

/**
 * Takes a data folder for this process and returns how to give it back; waits `patienceMs` for an owner that may just be
 * ending. PostgreSQL's own lock is not enough: we adopt a server that runs, and two owners would each stop it under the
 * other.
 */
export async function takeLock(file: string, folder: string, patienceMs: number, say: (line: string) => void): Promise<() => void> {
  const mine = `${process.pid} ${beginning(process.pid)}`;
  const end = Date.now() + patienceMs;
  for (let told = false; ; ) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    const owner = lockOwner(file);
    if (owner === undefined) {
      rmSync(file, { force: true });
      continue;
    }
    if (owner === process.pid || Date.now() >= end) {
      throw new EmbeddedPostgresError('POSTGRES_DATA_IN_USE', `The data folder ${folder} is in use by process ${owner}: stop that one first, or choose another folder.`);
    }
    if (!told) say(`waiting for process ${owner} to leave the data folder`);
    told = true;
    await sleep(100);
  }
}

/** The living process that holds a lock file, if any. */
export function lockOwner(file: string): number | undefined {
  try {
    const [pid, began = ''] = readFileSync(file, 'utf8').split(' ');
    return isAlive(Number(pid)) && beginning(Number(pid)) === began ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
