import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDataDir, startPostgres } from '@quanyu/database';
import { Vault } from '@quanyu/pii';
import { log } from '@quanyu/telemetry';
import pg from 'pg';
import type { Environment } from './environment.js';
import { checkKeys } from './key-check.js';
import { migrateAll } from './migrate/migrate-all.js';
import type { Progress } from './progress.js';
import { loadSecrets, rolePassword, type Secrets } from './secrets.js';
import { subgraphs } from './subgraphs.js';

/** What stands before any part of the product does: secrets, and a database with roles and tables. */
export interface Ground {
  readonly secrets: Secrets;
  readonly adminUrl: string;
  /** Database and role of the job queue. */
  readonly jobsUrl: string;
}

const JOBS_ROLE = 'jobs_app';

/** Steps that end what was started, in the reverse order of the start, each even when another fails. */
export class Stops {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void { this.#steps.push(step); }

  readonly run = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) await step().catch((error: unknown) => log.error('a part did not stop', { error }));
  };
}

/** Starts PostgreSQL (unless one is given) and brings roles and tables up to date. */
export async function layGround(environment: Environment, progress: Progress, stops: Stops, connections?: number): Promise<Ground> {
  const { dataDir } = environment;
  // As root in a closed folder the server could not reach its data: then it keeps them elsewhere.
  const postgresDir = environment.postgresDir ?? await defaultDataDir(join(dataDir, 'postgres'));
  const secrets = await loadSecrets(dataDir, environment, await hasData(environment, postgresDir));
  await checkKeys(dataDir, secrets, Vault.from(secrets));
  const adminUrl = environment.databaseAdminUrl ?? await startEmbedded(postgresDir, progress, stops, connections);
  progress.step('database: roles and migrations');
  const passwordOf = rolePassword(secrets);
  await migrateAll(subgraphs, { adminUrlOf: () => adminUrl, passwordOf, jobs: { adminUrl, role: JOBS_ROLE, password: passwordOf(JOBS_ROLE) } }, (line) => progress.step(line));
  return { secrets, adminUrl, jobsUrl: withRole(adminUrl, JOBS_ROLE, passwordOf(JOBS_ROLE)) };
}

async function startEmbedded(postgresDir: string, progress: Progress, stops: Stops, connections?: number): Promise<string> {
  const server = await startPostgres({
    dataDir: postgresDir, onProgress: (message) => progress.step(`PostgreSQL: ${message}`), ...(connections !== undefined && { settings: { max_connections: connections } }),
  });
  stops.add(() => server.stop());
  return server.adminUrl;
}

/** Whether there is sealed data already: then the keys must be there too. */
async function hasData({ databaseAdminUrl }: Environment, postgresDir: string): Promise<boolean> {
  if (databaseAdminUrl === null) return existsSync(join(postgresDir, 'cluster'));
  const client = new pg.Client({ connectionString: databaseAdminUrl });
  await client.connect();
  try {
    return (await client.query("select 1 from pg_namespace where nspname = 'access'")).rowCount !== 0;
  } finally {
    await client.end();
  }
}

function withRole(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = encodeURIComponent(password);
  return url.href;
}
