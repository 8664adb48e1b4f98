import { DefaultLogger, type EntitySchema, type LogContext } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import pg from 'pg';
import { log } from '@quanyu/telemetry';
import { Database } from './database.js';
import { DeferredBeginClient } from './deferred-begin.js';
import { toMikroOrm, type SqlMigration } from './migrations.js';
import type { SubgraphDatabaseUrls } from './roles.js';

/** What a subgraph says about its tables. */
export interface DatabaseDefinition {
  readonly name: string;
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly SqlMigration[];
}

export interface OpenOptions {
  /** Connections of the app role; few, since more make a hot row slower. */
  readonly poolSize?: number;
  /** Sees each SQL statement; for tests that count them. */
  readonly onQuery?: (sql: string) => void;
  /** Overrides the SQL clock; for tests. */
  readonly clock?: () => Date;
}

/** The preset: plain columns, no schema prefix (the role's search_path is the schema), no discovery on disk. */
export function ormOptions(definition: DatabaseDefinition, url: string, poolSize: number): Options {
  return {
    clientUrl: url,
    entities: [...definition.entities],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    ensureDatabase: false,
    driverOptions: { Client: DeferredBeginClient },
    // The ORM's own lines may quote rows; what matters of them reaches us as errors.
    logger: () => undefined,
  };
}

class QueryListener extends DefaultLogger {
  onQuery: (sql: string) => void = () => undefined;
  override logQuery(context: LogContext & { query: string }): void { this.onQuery(context.query); }
}

/** The ORM's own walks a text letter by letter: forty times the time, and a piece of garbage for each letter of an event. */
function escapeLiteral(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** Opens the app and system pools of a subgraph. Connections are made when first needed. */
export async function openDatabase(definition: DatabaseDefinition, urls: SubgraphDatabaseUrls, options: OpenOptions = {}): Promise<Database> {
  const { onQuery } = options;
  let app: pg.Pool | undefined;
  const base = ormOptions(definition, urls.app, options.poolSize ?? 3);
  const orm = await MikroORM.init({
    ...base,
    driverOptions: { ...base.driverOptions, onPoolCreated: (pool: pg.Pool) => { app = pool; } },
    ...(onQuery && {
      debug: ['query'],
      loggerFactory: (loggerOptions) => Object.assign(new QueryListener(loggerOptions), { onQuery }),
    }),
  });
  Object.assign(orm.em.getPlatform(), { escapeLiteral });
  const system = new pg.Pool({ connectionString: urls.system, max: 2, idleTimeoutMillis: 30_000 });
  // An idle connection that the server drops is replaced at its next use; without a listener it would end the process.
  system.on('error', (error) => log.warn('idle connection lost', { subgraph: definition.name, error }));
  const database = new Database(definition.name, orm, system, options.clock, onQuery);
  database.watchPool('system', () => system);
  database.watchPool('app', () => app);
  return database;
}

/** Runs what is missing of a subgraph's migrations as its owner role; answers how many ran. */
export async function migrate(definition: DatabaseDefinition, ownerUrl: string): Promise<number> {
  if (await isUpToDate(definition, ownerUrl)) return 0;
  // With its schema: by the bare name MikroORM looks in "public", and would make the table again.
  const orm = await MikroORM.init({
    ...ormOptions(definition, ownerUrl, 1),
    extensions: [Migrator],
    migrations: { migrationsList: definition.migrations.map(toMikroOrm), tableName: `${definition.name}.${MIGRATIONS_TABLE}`, disableForeignKeys: false, snapshot: false, silent: true },
  });
  try {
    return (await orm.migrator.up()).length;
  } finally {
    await orm.close(true);
  }
}

const MIGRATIONS_TABLE = 'mikro_orm_migrations';

/** A look with one query: starting a migrator for each subgraph at every start costs far more. */
async function isUpToDate(definition: DatabaseDefinition, ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows: [table] } = await client.query<{ there: boolean }>(`select to_regclass('${MIGRATIONS_TABLE}') is not null as there`);
    if (table?.there !== true) return false;
    const { rows } = await client.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
    const done = new Set(rows.map((row) => row.name));
    return definition.migrations.every((migration) => done.has(migration.name));
  } finally {
    await client.end();
  }
}
