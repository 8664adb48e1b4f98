import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './failure.js';

const exec = promisify(execFile);
const NAME = 'postgres';

/** A user of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Whether this process is root, as whom PostgreSQL refuses to run. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * As whom the server must run: undefined for "as ourselves", else another account, because we are root. Whoever owns
 * an existing cluster keeps it: user ids differ between images that share a volume.
 */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  const owner = await stat(cluster).catch(() => undefined);
  if (!isRoot()) {
    const self = process.getuid?.();
    if (owner === undefined || self === undefined || owner.uid === self) return undefined;
    throw new EmbeddedPostgresError('POSTGRES_DATA_UNREACHABLE', `${cluster} belongs to another user (uid ${owner.uid}): start as that user or as root, or choose another data folder.`);
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await exec('id', [flag, NAME])).stdout)));
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}

async function create(): Promise<Account> {
  try {
    await exec('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (error) {
    throw new EmbeddedPostgresError('POSTGRES_ACCOUNT_MISSING', `PostgreSQL does not run as root and the user "${NAME}" could not be made: create it (useradd --system ${NAME}) or start as an ordinary user.`, { cause: error });
  }
  const account = await lookUp();
  if (account === undefined) throw new EmbeddedPostgresError('POSTGRES_ACCOUNT_MISSING', `The user "${NAME}" was made but is not found: create it by hand or start as an ordinary user.`);
  return account;
}
