import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import fc from 'fast-check';
import { openTestSubgraph, probeSubgraph, type TestSubgraph } from '@quanyu/testing';

const [A, B] = ['ten_a', 'ten_b'];
const Thing = defineEntity({
  name: 'Thing',
  tableName: 'thing',
  properties: {
    id: p.string().primary(),
    tenantId: p.string(),
    label: p.string().nullable(),
    amountMinor: p.bigint('number'),
    tags: p.json<string[]>(),
    isOpen: p.boolean(),
    at: p.datetime(),
    doubled: p.bigint('number').formula((thing) => `${thing.amountMinor} * 2`),
  },
});
const sql = `create table thing (id text primary key, tenant_id text not null, label text, amount_minor bigint not null, tags jsonb not null, is_open boolean not null, at timestamptz not null);
select tenant_table('thing', 'select, insert, update, delete');`;

describe('rows without the unit of work', () => {
  let probe: TestSubgraph;
  const rows = (tenant: string, where: Parameters<typeof probe.deps.database.rows<InferEntity<typeof Thing>>>[2] = {}, wanted = {}) => probe.deps.database.rows(tenant, Thing, where, wanted);
  const ids = async (...asked: Parameters<typeof rows>): Promise<string[]> => (await rows(...asked)).map(({ id }) => id);

  beforeAll(async () => {
    probe = await openTestSubgraph(probeSubgraph({ entities: [Thing as never], migrations: [{ name: '0100_thing', sql }] }));
    for (const tenant of [A, B]) {
      await probe.deps.database.write(tenant, 'test', (em) => em.execute(
        `insert into thing select ? || n, ?, case when n = 2 then null else 'it''s "' || n || '"\\' end, 9007199254740991 - n, '["a"]', n <> 3, '2026-01-01T00:00:00.5Z'::timestamptz + n * interval '1 day' from generate_series(1, 4) n`, [`${tenant}-`, tenant]));
    }
  });
  afterAll(() => probe.close());

  it('have the same values as entities', async () => {
    const entities = await probe.deps.database.read(A, (em) => em.find(Thing as never, {}, { orderBy: { id: 'asc' } as never, disableIdentityMap: true }));
    const read = await rows(A, {}, { orderBy: { id: 'asc' } });
    expect(read).toEqual(entities.map((entity: object) => ({ ...entity })));
    expect(read[0]).toEqual({ id: 'ten_a-1', tenantId: A, label: 'it\'s "1"\\', amountMinor: 9007199254740990, tags: ['a'], isOpen: true, at: new Date('2026-01-02T00:00:00.5Z'), doubled: 18014398509481980 });
  });

  it('are those that meet all conditions, in order, at most as many as wanted', async () => {
    expect(await ids(A, { id: ['ten_a-3', 'ten_a-1', 'ten_b-1', 'it\'s "\\{}'] }, { orderBy: { id: 'desc' } })).toEqual(['ten_a-3', 'ten_a-1']);
    expect(await ids(A, { id: [] })).toEqual([]);
    expect(await ids(A, { label: null })).toEqual(['ten_a-2']);
    expect(await ids(A, { label: 'it\'s "4"\\' })).toEqual(['ten_a-4']);
    expect(await ids(A, { isOpen: false })).toEqual(['ten_a-3']);
    expect(await ids(A, { id: { $gt: 'ten_a-1', $lt: 'ten_a-4' } }, { orderBy: { id: 'asc' }, limit: 1 })).toEqual(['ten_a-2']);
    expect(await ids(A, { at: { $lt: new Date('2026-01-03T00:00:00.4Z') } })).toEqual(['ten_a-1']);
  });

  it("are the tenant's own, whichever connection is used again", async () => {
    const all = await Promise.all(Array.from({ length: 40 }, (_, n) => ids(n % 2 === 0 ? A : B, {}, { orderBy: { id: 'asc' } })));
    all.forEach((found, n) => expect(found).toEqual([1, 2, 3, 4].map((k) => `${n % 2 === 0 ? A : B}-${k}`)));
    expect(await ids('')).toEqual([]);
    expect(await probe.deps.database.orm.em.fork().execute('select id from thing')).toEqual([]);
  });

  it('are found again by a connection that refused a value before', async () => {
    for (let again = 0; again < 8; again += 1) {
      await expect(rows(A, { label: 'half\u0000' }, { limit: again % 2 })).rejects.toMatchObject({ code: '22021' });
      expect(await ids(A, { label: 'it\'s "1"\\' }, { limit: 1 })).toEqual(['ten_a-1']);
    }
  });

  it('take one statement, and end their transaction', async () => {
    expect(await probe.sql.during(() => rows(A))).toHaveLength(1);
    const [{ n }] = await probe.rows<{ n: string }>(A, "select count(*) as n from pg_stat_activity where usename = 'probe_app' and state like 'idle in transaction%'") as [{ n: string }];
    expect(Number(n)).toBe(0);
  });

  it('and statements take any text as it stands, alone and within JSON', async () => {
    const words = fc.string({ unit: fc.oneof(fc.constantFrom("'", '\\', '?', '"', ';', '$1', "E'"), fc.string({ minLength: 1, maxLength: 1 })) }).filter((text) => !text.includes('\0'));
    await fc.assert(fc.asyncProperty(words, async (text) => {
      const [row] = await probe.deps.database.read(A, (em) => em.execute<{ text: string; json: { text: string } }[]>('select ?::text as text, ?::jsonb as json', [text, JSON.stringify({ text })]));
      expect(row).toEqual({ text, json: { text } });
    }), { numRuns: 60 });
  });

  it('see what has just been committed', async () => {
    for (let n = 1; n <= 5; n += 1) {
      await probe.deps.database.write(A, 'test', (em) => em.execute('update thing set amount_minor = ? where id = ?', [n, 'ten_a-4']));
      expect((await rows(A, { id: 'ten_a-4' })).map(({ amountMinor, doubled }) => [amountMinor, doubled])).toEqual([[n, n * 2]]);
    }
  });
});
