import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries, type Binaries } from './binaries.js';
import { createCluster, hasCluster, readPassword, SUPERUSER } from './cluster.js';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { EmbeddedPostgresError, systemCode } from './failure.js';
import { KeptRunning, type Running } from './keep-running.js';
import { launch, waitReady } from './launch.js';
import { takeLock } from './lock.js';
import { choosePort } from './port.js';
import { findOrphan, shutDown, tell } from './postmaster.js';
import type { ServerSettings } from './settings.js';

export interface StartOptions {
  /** The server's own folder; made when missing. */
  readonly dataDir: string;
  /** Default: the port of the last time when it is free, else any free one. */
  readonly port?: number;
  readonly onProgress?: (message: string) => void;
  /** Settings of the server that win over ours; they do not reach a server that is adopted. */
  readonly settings?: ServerSettings;
  /** How long to wait for another process that uses the folder and may just be ending. Default: ten seconds. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 10_000;

/** A PostgreSQL that runs and is ours to stop. */
export interface EmbeddedPostgres {
  /** URL of the superuser. */
  readonly adminUrl: string;
  readonly port: number;
  /** Another one once it has been started again. */
  readonly pid: number;
  /** Ends open transactions and stops the server; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm installed, on a data folder of its own, listening on 127.0.0.1 only. A server that an
 * owner killed with SIGKILL left behind is taken over with its data, and one that ends by itself is started again on its
 * port. Throws EmbeddedPostgresError.
 */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const folder = await openDataFolder(options.dataDir);
  const unlock = await takeLock(folder.lockFile, folder.path, options.patienceMs ?? PATIENCE_MS, options.onProgress ?? (() => {}));
  try {
    const password = await readPassword(folder);
    const binaries = await findBinaries();
    const running = (await adopt(folder, binaries, password, options)) ?? (await start(folder, binaries, password, options));
    await writeFile(folder.portFile, String(running.port));
    const { port } = running;
    const kept = new KeptRunning(running, () => start(folder, binaries, password, { ...options, port }), options.onProgress ?? (() => {}));
    return { get pid() { return kept.pid; }, port, adminUrl: urlOf(password, port), stop: stopper(kept, folder, binaries, unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

const urlOf = (password: string, port: number): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

async function adopt(folder: DataFolder, binaries: Binaries, password: string, { port, onProgress: say = () => {} }: StartOptions): Promise<Running | undefined> {
  const orphan = await findOrphan(folder.cluster);
  if (orphan === undefined) return undefined;
  if (orphan.status !== 'stopping' && (port === undefined || port === orphan.port)) {
    say('taking over the PostgreSQL of an earlier run');
    const usable = await waitReady(folder.cluster, orphan.pid, say).then(() => logIn(password, orphan.port, folder), () => false);
    if (usable) return { pid: orphan.pid, port: orphan.port };
  }
  say('stopping the PostgreSQL of an earlier run');
  await shutDown(orphan.pid, folder.cluster, binaries);
  return undefined;
}

async function start(folder: DataFolder, binaries: Binaries, password: string, options: StartOptions): Promise<Running> {
  const { port: wanted, settings = {}, onProgress: say = () => {} } = options;
  if (!(await hasCluster(folder))) {
    say('creating the database (first start)');
    await createCluster(folder, binaries, password, settings['fsync'] !== 'off');
  }
  say('starting PostgreSQL');
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(wanted, folder.portFile);
    try {
      const pid = await launch(folder, binaries, port, settings, say);
      await proveOrStop({ pid, port }, folder, binaries, password);
      return { pid, port };
    } catch (error) {
      if (attempt === 5 || !passes((error as Error).message)) throw error;
      await sleep(attempt * 200);
    }
  }
}

/** Somebody took the port after we had looked, or backends of a killed server are still going down. */
const passes = (log: string): boolean => /could not bind|pre-existing shared memory block/.test(log);

async function proveOrStop({ pid, port }: Running, folder: DataFolder, binaries: Binaries, password: string): Promise<void> {
  try {
    if (await logIn(password, port, folder)) return;
    throw new EmbeddedPostgresError('POSTGRES_START_FAILED', `PostgreSQL runs but takes no connection on port ${port}; see ${folder.logFile}.`);
  } catch (error) {
    await shutDown(pid, folder.cluster, binaries);
    throw error;
  }
}

/** Whether the server takes a connection. Throws when it knows us but not the password. */
async function logIn(password: string, port: number, folder: DataFolder): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(password, port), connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    if (systemCode(error) !== '28P01') return false;
    throw new EmbeddedPostgresError('POSTGRES_DATA_BROKEN', `PostgreSQL runs on ${folder.cluster} but refuses the password in ${folder.passwordFile}: put back the one that belongs to this data.`, { cause: error });
  }
}

function stopper(kept: KeptRunning, folder: DataFolder, binaries: Binaries, unlock: () => void): () => Promise<void> {
  // A process that ends without stop() (an uncaught error) must not leave a server behind.
  const atExit = (): void => tell(kept.pid, 'SIGINT');
  process.once('exit', atExit);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await kept.stop();
    await shutDown(kept.pid, folder.cluster, binaries);
    process.removeListener('exit', atExit);
    unlock();
  };
  return () => (stopping ??= stop());
}
