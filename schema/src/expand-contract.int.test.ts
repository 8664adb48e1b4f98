import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DatabaseDefinition, SqlMigration } from '@quanyu/database';
import { subgraphs } from '@quanyu/standalone';
import { databaseDefinition } from '@quanyu/subgraph';
import { createTestDatabase, probeSubgraph } from '@quanyu/testing';
import pg from 'pg';
import { contractedTooEarly } from './expand-contract.js';
import { namesIn, readRelease, releasedProduct } from './release.js';
import { readTables, type Tables } from './tables.js';

const folder = new URL('../released/', import.meta.url);
const release = readRelease(folder)!;
const product = releasedProduct(folder);

async function tablesOf(definition: DatabaseDefinition): Promise<Tables> {
  const database = await createTestDatabase([definition]);
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    return await readTables(client, definition.name);
  } finally {
    await client.end();
    await database.drop();
  }
}

describe('migrations since the last release', () => {
  const released = subgraphs.map(databaseDefinition).filter(({ name }) => name in release.migrations);

  it.each(released.map((definition) => [definition.name, definition] as const))('leave the released code of %s what it works with', async (name, definition) => {
    const isReleased = (migration: SqlMigration): boolean => migration.name in release.migrations[name]!;
    const since = definition.migrations.filter((migration) => !isReleased(migration));
    if (since.length === 0) return;
    const [before, after] = [await tablesOf({ ...definition, migrations: definition.migrations.filter(isReleased) }), await tablesOf(definition)];
    expect(contractedTooEarly({ before, after, names: namesIn(product, name), migrations: since.map(({ sql }) => sql) })).toEqual([]);
  });
});

describe('a migration that contracts too early', () => {
  const RELEASED = `
    create table parent (id text primary key);
    create table thing (
      id text primary key, tenant_id text not null, name text, count int not null default 0, state text not null check (state in ('A', 'B')),
      parent_id text, forgotten text, old_key text, constraint thing_count check (count >= 0), unique (tenant_id, name));
    select tenant_table('thing', 'select, insert, update');
    create table forgotten_table (id text primary key);
    create table used_table (id text primary key);`;
  // The words of the released code: it no longer names what is forgotten.
  const words = new Set(['id', 'tenant_id', 'name', 'count', 'state', 'parent_id', 'thing', 'used_table', 'parent', 'thing_count']);
  const names = (word: string): boolean => words.has(word);
  const definition = databaseDefinition(probeSubgraph({ migrations: [{ name: '0100_thing', sql: RELEASED }] }));
  let before: Tables;
  beforeAll(async () => { before = await tablesOf(definition); });

  async function refused(sql: string): Promise<string[]> {
    const after = await tablesOf({ ...definition, migrations: [...definition.migrations, { name: '0101_next', sql }] });
    return contractedTooEarly({ before, after, names, migrations: [sql] });
  }

  it.each([
    ['drops a column that the released code names', 'alter table thing drop column name', /^thing\.name: the column is gone.*no longer names it, then drop it in the release after/],
    ['renames a column', 'alter table thing rename column name to title', /^thing\.name: the column is gone/],
    ['changes a type', 'alter table thing alter column count type bigint', /^thing\.count: the column was integer and is bigint.*write both/],
    ['forbids null', 'alter table thing alter column name set not null', /^thing\.name: the column may no longer be null.*tighten it in the release after/],
    ['demands a new column', 'alter table thing add column shop text not null', /^thing\.shop: the new column is not null and has no default/],
    ['takes a default', 'alter table thing alter column count drop default', /^thing\.count: the column has lost its default/],
    ['drops a table that the released code names', 'drop table used_table', /^used_table: the table is gone/],
    ['adds a check', 'alter table thing add constraint small check (count < 10)', /^thing\.small: new rows must keep CHECK/],
    ['takes a value from a list', "alter table thing drop constraint thing_state_check; alter table thing add constraint thing_state_check check (state in ('A'))", /^thing\.thing_state_check: new rows must keep/],
    ['adds a unique index', 'create unique index one_name on thing (name)', /^thing\.one_name: new rows must keep CREATE UNIQUE INDEX/],
    ['adds a foreign key', 'alter table thing add constraint child foreign key (parent_id) references parent (id)', /^thing\.child: new rows must keep FOREIGN KEY/],
    ['takes the unique key of an upsert', 'alter table thing drop constraint thing_tenant_id_name_key', /^thing\.thing_tenant_id_name_key: UNIQUE .* is gone/],
    ['takes a right', 'revoke update on thing from probe_app', /^thing\.app_update: the app role may no longer update/],
  ])('is refused when it %s, and told how to do it in two releases', async (_, sql, why) => {
    const faults = await refused(sql);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(why);
    expect(faults[0]).toContain('in the release after');
  });

  it.each([
    ['adds a column that may be null', 'alter table thing add column shop text'],
    ['adds a column with a default', "alter table thing add column shop text not null default ''"],
    ['drops a column that the released code does not name', 'alter table thing drop column forgotten'],
    ['drops a table that the released code does not name', 'drop table forgotten_table'],
    ['lists one more value', "alter table thing drop constraint thing_state_check; alter table thing add constraint thing_state_check check (state in ('A', 'B', 'C'))"],
    ['adds a table and an index', 'create table more (id text primary key references thing (id)); create index thing_name on thing (name)'],
    ['constrains a new column', 'alter table thing add column size int check (size > 0)'],
  ])('is not one that %s', async (_, sql) => {
    expect(await refused(sql)).toEqual([]);
  });

  it('passes when it says of the one thing why it does no harm', async () => {
    const sql = 'alter table thing add constraint small check (count < 10)';
    expect(await refused(`-- safe for the release before: thing.small: its code never counts past five\n${sql}`)).toEqual([]);
    expect(await refused(`-- safe for the release before: thing.other: nothing\n${sql}`)).toHaveLength(1);
  });
});

describe('the released code', () => {
  it('is searched for a column as SQL and as the mapping name it', () => {
    const names = namesIn(product, 'inventory');
    expect(names('on_hand') && names('stock_level') && names('event_id')).toBe(true);
    expect(names('no_such_column')).toBe(false);
  });
});
