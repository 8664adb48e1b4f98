import { createHash, randomBytes } from 'node:crypto';
import { migrate, provision, subgraphUrls, type DatabaseDefinition, type SubgraphDatabaseUrls } from '@quanyu/database';
import pg from 'pg';
import { testAdminUrl } from './environment.js';

/** A database of a test's own. */
export interface TestDatabase {
  readonly name: string;
  /** Superuser URL of it. */
  readonly adminUrl: string;
  urls(subgraph: string): SubgraphDatabaseUrls;
  drop(): Promise<void>;
}

const PASSWORD = 'test';

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: testAdminUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const inDatabase = (name: string): string => {
  const url = new URL(testAdminUrl());
  url.pathname = `/${name}`;
  return url.href;
};

/** A fresh database with the migrated schemas of these definitions, copied from a template that is made once a run. */
export async function createTestDatabase(definitions: readonly DatabaseDefinition[]): Promise<TestDatabase> {
  const fingerprint = createHash('sha256');
  for (const { name, migrations } of definitions) for (const migration of migrations) fingerprint.update(`${name}/${migration.name}\n${migration.sql}`);
  const template = `tpl_${fingerprint.digest('hex').slice(0, 16)}`;
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin(async (admin) => {
    // Test files run side by side: the first one makes the template, the others wait for it.
    await admin.query("select pg_advisory_lock(hashtext('quanyu.test-template'))");
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(admin, template, definitions);
    await admin.query(`create database ${name} template ${template}`);
  });
  return {
    name,
    adminUrl: inDatabase(name),
    urls: (subgraph) => subgraphUrls(inDatabase(name), subgraph, () => PASSWORD),
    drop: () => asAdmin(async (admin) => { await admin.query(`drop database if exists ${name} with (force)`); }),
  };
}

async function makeTemplate(admin: pg.Client, template: string, definitions: readonly DatabaseDefinition[]): Promise<void> {
  const draft = `${template}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft} template template0`);
  await provision(inDatabase(draft), definitions.map(({ name }) => name), () => PASSWORD);
  for (const definition of definitions) await migrate(definition, subgraphUrls(inDatabase(draft), definition.name, () => PASSWORD).owner);
  await admin.query(`alter database ${draft} rename to ${template}`);
}
