import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import pg from 'pg';
import { inventory } from '../../subgraph.js';
import { checkDrift } from './check-drift.js';

let subgraph: TestSubgraph;
let damage: (sql: string) => Promise<void>;
beforeAll(async () => {
  subgraph = await openTestSubgraph(inventory);
  const url = new URL(process.env.QUANYU_TEST_ADMIN_URL!);
  url.pathname = new URL(subgraph.systemUrl).pathname;
  damage = async (sql) => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    // What no role of the product can do: past the triggers, as a restore or a slip of hand would.
    await client.query(`set session_replication_role = replica; set search_path = inventory; ${sql}`);
    await client.end();
  };
});
afterAll(() => subgraph.close());

const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Json> => {
  const { data, errors } = await subgraph.ask(query, variables);
  expect(errors).toEqual([]);
  return Object.values(data!)[0];
};
const stock = async (skuId: string, ...counts: number[]): Promise<string> => {
  let id = '';
  for (const onHand of counts) id = (await ask('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id } } }', { input: { skuId, onHand, idempotencyKey: newId('req') } })).stockLevel.id;
  return id;
};
const drifts = async (skuId: string): Promise<Json> => (await ask(
  'query($skuIds: [ID!]) { stockExceptions(filter: { code: STOCK_DRIFT, skuIds: $skuIds }) { nodes { id state driftKind ours theirs } } }', { skuIds: [skuId] })).nodes;
const repair = (exceptionId: string, idempotencyKey: string = newId('req')): Promise<Json> => ask(
  'mutation($input: RepairStockDriftInput!) { repairStockDrift(input: $input) { stockException { state } userErrors { code } } }', { input: { exceptionId, note: 'found at night', idempotencyKey } });
const check = (): Promise<number> => checkDrift(subgraph.deps.database);
const journal = async (id: string): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT, 'select sequence::int, reason, on_hand, reserved from stock_movement where stock_level_id = ? order by sequence', [id]));

describe('the nightly check', () => {
  it('finds nothing in what the engine wrote, and goes on from where it agreed', async () => {
    const sku = newId('sku');
    await stock(sku, 5, 9, 2);
    expect(await check()).toBe(0);
    await stock(sku, 8);
    expect(await check()).toBe(0);
    expect(await drifts(sku)).toEqual([]);
  });

  it.each([
    ['a level changed past the engine', (id: string) => `update stock_level set on_hand = on_hand + 3 where id = '${id}'`, { ours: 5, theirs: 2 }, [[0, 'REPAIR', 3], [1, 'COUNT', 5], [2, 'COUNT', 4], [3, 'COUNT', -7]]],
    ['a movement in the middle that is gone', (id: string) => `delete from stock_movement where stock_level_id = '${id}' and sequence = 2`, { ours: 2, theirs: -2 }, [[1, 'COUNT', 5], [2, 'REPAIR', 4], [3, 'COUNT', -7]]],
    ['the first movement that is gone', (id: string) => `delete from stock_movement where stock_level_id = '${id}' and sequence = 1`, { ours: 2, theirs: -3 }, [[0, 'REPAIR', 5], [2, 'COUNT', 4], [3, 'COUNT', -7]]],
    ['all movements that are gone', (id: string) => `delete from stock_movement where stock_level_id = '${id}'`, { ours: 2, theirs: 0 }, [[3, 'REPAIR', 2]]],
    ['a movement that was changed', (id: string) => `update stock_movement set on_hand = 6 where stock_level_id = '${id}' and sequence = 2`, { ours: 2, theirs: 4 }, [[0, 'REPAIR', -2], [1, 'COUNT', 5], [2, 'COUNT', 6], [3, 'COUNT', -7]]],
  ])('finds %s, lists it once, and has it repaired by a movement', async (_, sql, figures, mended) => {
    const sku = newId('sku');
    const id = await stock(sku, 5, 9, 2);
    await damage(sql(id));
    expect(await check()).toBe(1);
    expect(await check()).toBe(1);
    const [drift, ...others] = await drifts(sku);
    expect([drift, ...others]).toEqual([{ id: drift.id, state: 'OPEN', driftKind: 'JOURNAL', ...figures }]);
    expect(await repair(drift.id, drift.id)).toEqual({ stockException: { state: 'RESOLVED' }, userErrors: [] });
    expect(await repair(drift.id, drift.id)).toEqual({ stockException: { state: 'RESOLVED' }, userErrors: [] });
    expect((await journal(id)).map(({ sequence, reason, on_hand }: Json) => [sequence, reason, on_hand])).toEqual(mended);
    expect(await check()).toBe(0);
    expect((await repair(drift.id)).userErrors).toEqual([{ code: 'DRIFT_NOT_FOUND' }]);
    await stock(sku, 6);
    expect(await check()).toBe(0);
    await damage(`delete from stock_level where id = '${id}'`);
  });

  it('finds drift that comes after a checkpoint, and mends what was before it too', async () => {
    const sku = newId('sku');
    const id = await stock(sku, 5, 9);
    expect(await check()).toBe(0);
    await stock(sku, 7);
    await damage(`update stock_level set unavailable = 1 where id = '${id}'`);
    expect(await check()).toBe(1);
    await repair((await drifts(sku))[0].id);
    expect(await check()).toBe(0);
  });

  it('finds units that are reserved for nobody, and gives them back', async () => {
    const sku = newId('sku');
    const id = await stock(sku, 5);
    await damage(`update stock_level set reserved = 2, version = version + 1 where id = '${id}';
      insert into stock_movement (id, tenant_id, stock_level_id, sequence, reason, reserved) values ('${newId('mov')}', '${TEST_TENANT}', '${id}', 2, 'RESERVED', 2)`);
    expect(await check()).toBe(1);
    const [drift] = await drifts(sku);
    expect(drift).toMatchObject({ driftKind: 'HOLDS', ours: 2, theirs: 0 });
    await repair(drift.id);
    expect(await check()).toBe(0);
    expect((await journal(id)).at(-1)).toEqual({ sequence: 3, reason: 'REPAIR', on_hand: 0, reserved: -2 });
    expect((await ask('query($skuIds: [ID!]) { stockLevels(skuIds: $skuIds) { nodes { available } } }', { skuIds: [sku] })).nodes).toEqual([{ available: 5 }]);
  });

  it('shows and repairs nothing across tenants, nor for those who may only read', async () => {
    const sku = newId('sku');
    const id = await stock(sku, 5);
    await damage(`update stock_level set incoming = 1 where id = '${id}'`);
    await check();
    const [drift] = await drifts(sku);
    const query = 'mutation($input: RepairStockDriftInput!) { repairStockDrift(input: $input) { userErrors { code } } }';
    const input = { exceptionId: drift.id, idempotencyKey: newId('req') };
    expect((await subgraph.ask(query, { input }, staffOf('ten_00000000000000000000000008'))).data?.repairStockDrift.userErrors).toEqual([{ code: 'DRIFT_NOT_FOUND' }]);
    expect((await subgraph.ask(query, { input }, staffOf(TEST_TENANT, { scopes: ['inventory:read'] }))).errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('history', () => {
  const asOf = async (skuId: string, at: string): Promise<Json> => (await ask(
    'query($at: DateTime!, $skuIds: [ID!]) { stockLevelsAsOf(at: $at, skuIds: $skuIds) { totalCount nodes { onHand sku { id } location { code } } } }', { at, skuIds: [skuId] })).nodes;

  it('shows a level as of a time, before and after a checkpoint', async () => {
    const sku = newId('sku');
    const id = await stock(sku, 5, 9, 2, 4);
    for (const [n, day] of ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].entries()) await damage(`update stock_movement set at = '${day}T12:00:00Z' where stock_level_id = '${id}' and sequence = ${n + 1}`);
    const course = async (): Promise<number[]> => Promise.all(['2025-12-31', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-02-01'].map(async (day) => (await asOf(sku, `${day}T13:00:00Z`))[0].onHand));
    expect(await course()).toEqual([0, 5, 9, 2, 4, 4]);
    await damage(`insert into stock_checkpoint (stock_level_id, sequence, tenant_id, at, on_hand, reserved, unavailable, incoming, allowance, deficit) values ('${id}', 3, '${TEST_TENANT}', '2026-01-03T20:00:00Z', 2, 0, 0, 0, 0, 0)`);
    expect(await course()).toEqual([0, 5, 9, 2, 4, 4]);
    expect((await asOf(sku, '2026-01-02T13:00:00+08:00'))[0]).toEqual({ onHand: 5, sku: { id: sku }, location: { code: 'main' } });
  });

  it('reads a page of levels in one statement', async () => {
    for (let n = 0; n < 5; n += 1) await stock(newId('sku'), n + 1);
    const statements = await subgraph.sql.during(() => ask('{ stockLevelsAsOf(at: "2026-01-01T00:00:00Z", first: 100) { nodes { id onHand sku { id } } } }'));
    expect(statements).toHaveLength(1);
  });
});
