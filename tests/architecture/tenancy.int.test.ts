import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseDefinition } from '@quanyu/subgraph';
import { createTestDatabase, openTestSubgraph, probeSubgraph, type TestDatabase, type TestSubgraph } from '@quanyu/testing';
import pg from 'pg';

const A = 'ten_a';
const B = 'ten_b';

describe('tenants in one schema', () => {
  let probe: TestSubgraph;
  beforeAll(async () => {
    probe = await openTestSubgraph(probeSubgraph());
    for (const tenant of [A, B]) await probe.deps.database.write(tenant, 'test', (em) => em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [`note-${tenant}`, tenant]));
  });
  afterAll(() => probe.close());

  const notes = (tenant: string): Promise<{ id: string }[]> => probe.rows(tenant, 'select id from note');

  it('see their own rows and no others', async () => {
    expect(await notes(A)).toEqual([{ id: 'note-ten_a' }]);
    expect(await notes(B)).toEqual([{ id: 'note-ten_b' }]);
  });

  it('have no row when no tenant is set', async () => {
    expect(await notes('')).toEqual([]);
    expect(await probe.deps.database.orm.em.fork().execute('select id from note')).toEqual([]);
  });

  it('leave nothing behind on a pooled connection that is used again', async () => {
    // More turns than the pool has connections, so each of them is used by both tenants.
    for (let turn = 0; turn < 12; turn += 1) expect(await notes(turn % 2 === 0 ? A : B)).toHaveLength(1);
    expect(await probe.deps.database.orm.em.fork().execute('select id from note')).toEqual([]);
  });

  it('cannot write, move or delete rows of each other', async () => {
    const write = (sql: string) => probe.deps.database.write(A, 'test', (em) => em.execute(sql));
    await expect(write("insert into note (id, tenant_id, text) values ('n2', 'ten_b', 'x')")).rejects.toThrow(/row-level security/);
    await expect(write("update note set tenant_id = 'ten_b'")).rejects.toThrow(/row-level security/);
    await write("update note set text = 'mine' where id = 'note-ten_b'");
    await write("delete from note where id = 'note-ten_b'");
    expect(await probe.rows(B, 'select text from note')).toEqual([{ text: 'x' }]);
  });

  it('are not seen across by the system role on a table that was not granted to it', async () => {
    await expect(probe.deps.database.system.query('select * from note')).rejects.toThrow(/permission denied/);
  });

  it('cannot be reached around the policy: the app role neither owns the table nor bypasses it', async () => {
    const [role]: { rolsuper: boolean; rolbypassrls: boolean; tableowner: string }[] = await probe.rows(A,
      "select rolsuper, rolbypassrls, (select tableowner from pg_tables where tablename = 'note' and schemaname = 'probe') as tableowner from pg_roles where rolname = current_user");
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, tableowner: 'probe_owner' });
    await expect(probe.deps.database.write(A, 'test', (em) => em.execute('alter table note disable row level security'))).rejects.toThrow(/must be owner/);
  });

  it('get a read-only transaction when they only read', async () => {
    await expect(probe.deps.database.read(A, (em) => em.execute("insert into note (id, tenant_id, text) values ('n3', 'ten_a', 'x')"))).rejects.toThrow(/read-only transaction/);
  });
});

describe('subgraphs in one database', () => {
  let database: TestDatabase;
  const two = [probeSubgraph(), probeSubgraph({ name: 'other' })].map(databaseDefinition);
  beforeAll(async () => { database = await createTestDatabase(two); });
  afterAll(() => database.drop());

  it.each(['app', 'system', 'owner'] as const)('refuse a foreign read by the %s role', async (kind) => {
    const client = new pg.Client({ connectionString: database.urls('other')[kind] });
    await client.connect();
    await expect(client.query('select * from probe.note')).rejects.toThrow(/permission denied/);
    await expect(client.query('select * from probe.outbox')).rejects.toThrow(/permission denied/);
    await client.end();
  });

  it('force row-level security on every table that holds rows of tenants', async () => {
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    const { rows } = await admin.query(
      `select c.relnamespace::regnamespace::text || '.' || c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
       where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('probe', 'other') and not (c.relrowsecurity and c.relforcerowsecurity)`);
    await admin.end();
    expect(rows).toEqual([]);
  });
});

describe('the SQL clock', () => {
  it('is the one that a test sets', async () => {
    const probe = await openTestSubgraph(probeSubgraph(), { clock: () => new Date('2030-01-01T00:00:00Z') });
    expect(await probe.rows(A, 'select extract(year from app_now())::int as year')).toEqual([{ year: 2030 }]);
    await probe.close();
  });
});
