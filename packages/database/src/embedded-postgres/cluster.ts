import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import type { DataFolder } from './data-folder.js';
import { EmbeddedPostgresError, systemCode } from './failure.js';

const exec = promisify(execFile);

/** The superuser of every cluster we make. */
export const SUPERUSER = 'postgres';

/** Whether the folder already holds a cluster. */
export const hasCluster = (folder: DataFolder): Promise<boolean> => stat(join(folder.cluster, 'PG_VERSION')).then(() => true, () => false);

/** The superuser's password: made once, kept in the data folder for its owner alone. */
export async function readPassword(folder: DataFolder): Promise<string> {
  try {
    return (await readFile(folder.passwordFile, 'utf8')).trim();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  if (await hasCluster(folder)) throw new EmbeddedPostgresError('POSTGRES_DATA_BROKEN', `${folder.passwordFile} is missing: put it back from a copy; without it nobody can log in to the data in ${folder.cluster}.`);
  const password = randomBytes(24).toString('base64url');
  await writeFile(folder.passwordFile, `${password}\n`, { flag: 'wx', mode: 0o600 });
  return password;
}

/** Makes the cluster beside its place and moves it there when it is complete: a kill in between leaves no half of one. */
export async function createCluster(folder: DataFolder, binaries: Binaries, password: string, durable: boolean): Promise<void> {
  const fresh = `${folder.cluster}.new`;
  const passwordCopy = join(folder.path, 'initdb-password');
  try {
    await rm(fresh, { recursive: true, force: true });
    await rm(passwordCopy, { force: true });
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(passwordCopy, `${password}\n`, { flag: 'wx', mode: 0o600 });
    if (folder.account) {
      for (const path of [fresh, passwordCopy]) await chown(path, folder.account.uid, folder.account.gid);
    }
    await exec(binaries.initdb, initdbArguments(fresh, passwordCopy, durable), { ...folder.account, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } });
    await rename(fresh, folder.cluster);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new EmbeddedPostgresError('POSTGRES_START_FAILED', `The database could not be created in ${folder.path}: ${stderr.trim() || message}`, { cause: error });
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

function initdbArguments(cluster: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${cluster}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Only Linux is sure to have C.UTF-8; elsewhere PostgreSQL's own version of it sorts the same way.
    // PostgreSQL's own C.UTF-8: the same on every system, and text is compared byte by byte, where the system's would be asked through its library for each step in an index.
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    '--lc-messages=C',
    ...(durable ? [] : ['--no-sync']),
  ];
}
