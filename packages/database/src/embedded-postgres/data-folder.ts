import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isRoot, serverAccount, type Account } from './account.js';
import { EmbeddedPostgresError } from './failure.js';

/** What lies in a data folder. All but the cluster belongs to us, not to the server's account. */
export interface DataFolder {
  readonly path: string;
  /** PGDATA. */
  readonly cluster: string;
  readonly passwordFile: string;
  readonly portFile: string;
  readonly logFile: string;
  /** Names the process that uses the folder. */
  readonly lockFile: string;
  /** As whom the server runs; undefined: as ourselves. */
  readonly account: Account | undefined;
}

/** Makes the folder when it is missing, and refuses one that the server's account could not enter. */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  const cluster = join(path, 'cluster');
  const account = await serverAccount(cluster);
  const closed = account && (await closedFolder(path, account));
  if (closed) {
    throw new EmbeddedPostgresError('POSTGRES_DATA_UNREACHABLE', `PostgreSQL runs as uid ${account.uid}, because we are root, and may not enter ${closed}: choose a data folder outside it, or allow entering with "chmod o+x ${closed}".`);
  }
  await makeFolder(path, account ? 0o711 : 0o700);
  return { path, cluster, account, ...files(path) };
}

const files = (path: string) => ({
  passwordFile: join(path, 'password'),
  portFile: join(path, 'port'),
  logFile: join(path, 'server.log'),
  lockFile: join(path, 'owner'),
});

/**
 * The data folder to use when nobody asked for a particular one: `preferred` where the server can reach it; as root in a
 * clone below a closed folder (/root, a mkdtemp folder) one of the same clone under /var/lib/quanyu.
 */
export async function defaultDataDir(preferred: string): Promise<string> {
  const path = resolve(preferred);
  const account = isRoot() ? await serverAccount(join(path, 'cluster')) : undefined;
  if (!account || !(await closedFolder(path, account))) return path;
  return join('/var/lib/quanyu', `data-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`);
}

async function makeFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (first !== undefined) {
    // mkdir's mode is narrowed by the umask, and under umask 077 the server could not enter its own folder.
    for (let folder = path; ; folder = dirname(folder)) {
      await chmod(folder, mode);
      if (folder === first) return;
    }
  }
  const present = (await stat(path)).mode & 0o777;
  if ((present & 0o011) !== (mode & 0o011) && mode === 0o711) await chmod(path, present | 0o011);
}

/** The first existing folder above `path` that `account` may not pass through. */
async function closedFolder(path: string, account: Account): Promise<string | undefined> {
  let folder = await nearestExisting(dirname(path));
  for (;;) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
    folder = dirname(folder);
  }
}

async function nearestExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path === dirname(path) ? path : nearestExisting(dirname(path));
  }
}
