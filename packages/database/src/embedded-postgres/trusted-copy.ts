import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, systemCode } from './failure.js';

/** An npm package with the server's programs below `native/`. */
export interface Bundle {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * Copies a bundle to a folder that every user may read and only root may change, once per version, and returns its path.
 * `complete` finishes a fresh copy before it is put in place.
 */
export async function trustedCopy(bundle: Bundle, complete: (copy: string) => Promise<void>): Promise<string> {
  const base = await safeBase();
  const place = join(base, `postgres-${bundle.version}-${process.platform}-${process.arch}`);
  if (isFaithful(bundle.path, place)) return place;
  const fresh = `${place}.${process.pid}`;
  try {
    await cp(join(bundle.path, 'native'), join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    await openToReaders(fresh);
    await complete(fresh);
    // A damaged copy steps aside first: a server of another data folder may still run from it.
    await rename(place, `${fresh}.old`).catch(() => undefined);
    await rename(fresh, place).catch((error: unknown) => {
      // Somebody else was quicker; theirs is as good when it passes the same check.
      if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await Promise.all([fresh, `${fresh}.old`].map((path) => rm(path, { recursive: true, force: true })));
  }
  if (isFaithful(bundle.path, place)) return place;
  throw new EmbeddedPostgresError('POSTGRES_BINARIES_UNSAFE', `${place} is not the copy of PostgreSQL that was just made there: look who else writes to it, remove it, and start again.`);
}

async function safeBase(): Promise<string> {
  const places = ['/var/lib/quanyu', join(tmpdir(), 'quanyu-root'), '/tmp/quanyu-root'];
  for (const place of places) {
    // 0755 against a narrow umask; a folder that stood there before keeps its mode and is judged by it.
    const made = await mkdir(place).then(() => chmod(place, 0o755), () => undefined).then(() => isSafe(place));
    if (made) return place;
  }
  throw new EmbeddedPostgresError('POSTGRES_BINARIES_UNSAFE', `As root we run PostgreSQL from a copy that only root can change, and none of ${places.join(', ')} is such a place: make /var/lib/quanyu, owned by root, mode 0755.`);
}

/** Only root can change what the path leads to, and everybody can read it. */
async function isSafe(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await lstat(folder).catch(() => undefined);
    if (!found?.isDirectory() || found.uid !== 0 || (found.mode & 0o005) === 0) return false;
    // In a sticky folder above, like /tmp, others may add names but not replace root's.
    if ((found.mode & OTHERS_WRITE) !== 0 && (folder === path || (found.mode & STICKY) === 0)) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function openToReaders(copy: string): Promise<void> {
  await chmod(copy, 0o755);
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const { mode } = lstatSync(path);
    await chmod(path, entry.isDirectory() || (mode & 0o111) !== 0 ? 0o755 : 0o644);
  }
}

/** Everything of the bundle is there (cleaners of /tmp take single files), of the same size, and only root can change it. */
function isFaithful(source: string, copy: string): boolean {
  try {
    const native = join(source, 'native');
    return readdirSync(native, { recursive: true, withFileTypes: true }).every((entry) => {
      const original = join(entry.parentPath, entry.name);
      const path = join(copy, 'native', relative(native, original));
      const found = lstatSync(path);
      if (found.uid !== 0) return false;
      if (entry.isSymbolicLink()) return found.isSymbolicLink() && readlinkSync(path) === readlinkSync(original);
      if ((found.mode & OTHERS_WRITE) !== 0 || (found.mode & 0o004) === 0) return false;
      return entry.isDirectory() ? found.isDirectory() : found.isFile() && found.size === lstatSync(original).size;
    });
  } catch {
    return false;
  }
}
