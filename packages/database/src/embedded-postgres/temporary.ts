import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from './binaries.js';
import { defaultDataDir } from './data-folder.js';
import { lockOwner } from './lock.js';
import { findOrphan, shutDown } from './postmaster.js';
import { startPostgres, type EmbeddedPostgres, type StartOptions } from './start.js';

const PREFIX = 'quanyu-temporary-';

/**
 * Starts a PostgreSQL on a folder below the system's temporary one; `stop` removes the folder too. What a killed
 * process left behind earlier is cleared first.
 */
export async function startTemporaryPostgres(options: Omit<StartOptions, 'dataDir'> = {}): Promise<EmbeddedPostgres> {
  const place = await reachable(tmpdir());
  await clearAbandoned(place);
  const dataDir = await mkdtemp(join(place, PREFIX));
  await chmod(dataDir, 0o711);
  try {
    const server = await startPostgres({ ...options, dataDir });
    return { ...server, get pid() { return server.pid; }, stop: () => server.stop().finally(() => rm(dataDir, { recursive: true, force: true })) };
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/** As root TMPDIR may lie in a folder that the server's account cannot enter; /tmp never does. */
async function reachable(folder: string): Promise<string> {
  const child = join(folder, PREFIX);
  return (await defaultDataDir(child)) === child ? folder : '/tmp';
}

async function clearAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const folder = join(place, name);
    // Without a lock file it is either being made this very moment or nobody's.
    if (!name.startsWith(PREFIX) || !(await isAbandoned(folder))) continue;
    const orphan = await findOrphan(join(folder, 'cluster'));
    if (orphan) await shutDown(orphan.pid, join(folder, 'cluster'), await findBinaries());
    await rm(folder, { recursive: true, force: true });
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.includes('owner') && lockOwner(join(folder, 'owner')) === undefined;
}
