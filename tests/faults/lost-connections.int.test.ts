import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestSubgraph, probeSubgraph, type TestSubgraph } from '@quanyu/testing';

const TENANT = 'ten_a';
/** More than any pool holds. */
const MANY = 12;

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(probeSubgraph()); });
afterAll(() => subgraph.close());

const note = (id: string): Promise<unknown> => subgraph.deps.database.write(TENANT, 'note', (em) => em.execute("insert into note (id, tenant_id, text) values (?, ?, 'x')", [id, TENANT]));
const notes = async (): Promise<number> => (await subgraph.rows(TENANT, 'select id from note')).length;

describe('a connection that is lost', () => {
  it.each([
    ['in a statement', async (lose) => { await lose(); }],
    ['between two statements', async (lose) => { await lose().catch(() => undefined); throw new Error('given up'); }],
    ['before the commit', async (lose) => { await lose().catch(() => undefined); }],
  ] satisfies [string, (lose: () => Promise<unknown>) => Promise<void>][])('%s is no loss to the pool, however often it happens', async (_where, work) => {
    const before = await notes();
    for (let n = 0; n < MANY; n += 1) {
      await expect(subgraph.deps.database.write(TENANT, 'lose', (em) => work(() => em.execute('select pg_terminate_backend(pg_backend_pid())')))).rejects.toBeDefined();
    }
    await Promise.all(Array.from({ length: MANY }, (_, n) => note(`${_where}-${n}`)));
    expect(await notes()).toBe(before + MANY);
  });
});
