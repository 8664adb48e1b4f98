import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, tenancyMigrations, type DatabaseDefinition } from '@quanyu/database';
import { createTestDatabase, type TestDatabase } from '@quanyu/testing';

const first: DatabaseDefinition = { name: 'probe', entities: [], migrations: [...tenancyMigrations(), { name: '0100_note', sql: 'create table note (id text primary key)' }] };
const next: DatabaseDefinition = { ...first, migrations: [...first.migrations, { name: '0101_more', sql: 'alter table note add column more text' }] };

let database: TestDatabase;
beforeAll(async () => { database = await createTestDatabase([first]); });
afterAll(() => database.drop());

describe('a release that brings one more migration', () => {
  it('runs just that one on data of the release before', async () => {
    const { owner } = database.urls('probe');
    expect(await migrate(first, owner)).toBe(0);
    expect(await migrate(next, owner)).toBe(1);
    expect(await migrate(next, owner)).toBe(0);
  });
});
