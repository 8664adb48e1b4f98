import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, type Json, staffOf, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../subgraph.js';

let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

const SET = 'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id onHand version } userErrors { code field message retryable } } }';
const set = async (input: object) => (await subgraph.ask(SET, { input: { idempotencyKey: newId('req'), ...input } })).data?.setStockOnHand;

describe('setStockOnHand', () => {
  it('answers a replay with the first result and refuses the key for other input', async () => {
    const input = { skuId: newId('sku'), onHand: 5, idempotencyKey: 'count-1' };
    const first = await set(input);
    expect(await set(input)).toEqual(first);
    const { errors } = await subgraph.ask(SET, { input: { ...input, onHand: 6 } });
    expect(errors[0]).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('refuses an edit of something that has changed meanwhile', async () => {
    const skuId = newId('sku');
    const { stockLevel } = await set({ skuId, onHand: 5 });
    await set({ skuId, onHand: 6 });
    expect(await set({ skuId, onHand: 7, expectedVersion: stockLevel.version })).toMatchObject({ stockLevel: null, userErrors: [{ code: 'VERSION_CONFLICT', field: ['expectedVersion'], retryable: true }] });
  });

  it('refuses negative counts, ids of another kind and viewers without the scope', async () => {
    expect(await set({ skuId: newId('sku'), onHand: -1 })).toMatchObject({ userErrors: [{ code: 'QUANTITY_INVALID' }] });
    expect((await subgraph.ask(SET, { input: { skuId: newId('ord'), onHand: 1, idempotencyKey: 'k' } })).errors[0]?.code).toBe('INVALID_ID');
    const reader = staffOf(TEST_TENANT, { scopes: ['inventory:read'] });
    expect((await subgraph.ask(SET, { input: { skuId: newId('sku'), onHand: 1, idempotencyKey: 'k2' } }, reader)).errors[0]?.code).toBe('FORBIDDEN');
  });
});

describe('reading', () => {
  it('asks once for the stock of many SKUs', async () => {
    const skus = [newId('sku'), newId('sku'), newId('sku')];
    for (const skuId of skus) await set({ skuId, onHand: 3 });
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { stock { available levels { id location { code } } } } } }';
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, { refs: skus.map((id) => ({ __typename: 'Sku', id })) }); });
    expect(answer.data._entities.map((sku: Json) => sku.stock.available)).toEqual([3, 3, 3]);
    // One for the levels, one for their locations.
    expect(statements).toHaveLength(2);
  });

  it('adds up places beyond 32 bits', async () => {
    const skuId = newId('sku');
    for (const locationCode of ['a', 'b', 'c']) await set({ skuId, onHand: 1_000_000_000, locationCode });
    const { data } = await subgraph.ask('query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { stock { onHand reserved available } } } }', { refs: [{ __typename: 'Sku', id: skuId }] });
    expect(data?._entities).toEqual([{ stock: { onHand: 3_000_000_000, reserved: 0, available: 3_000_000_000 } }]);
  });

  it('pages by cursor without repeating or missing a row', async () => {
    const viewer = staffOf('ten_00000000000000000000000009');
    for (let n = 0; n < 5; n += 1) await subgraph.ask(SET, { input: { skuId: newId('sku'), onHand: n, idempotencyKey: newId('req') } }, viewer);
    const query = 'query($first: Int, $after: String, $last: Int, $before: String) { stockLevels(first: $first, after: $after, last: $last, before: $before) { nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }';
  const seen: string[] = [];
    let after: string | null = null;
    do {
      const { stockLevels }: Json = (await subgraph.ask(query, { first: 2, after }, viewer)).data;
      seen.push(...stockLevels.nodes.map((node: Json) => node.id));
      expect(stockLevels.totalCount).toBe(5);
      after = stockLevels.pageInfo.hasNextPage ? stockLevels.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen).toHaveLength(5);
    const last: Json = (await subgraph.ask(query, { last: 2 }, viewer)).data?.stockLevels;
    expect(last.nodes.map((node: Json) => node.id)).toEqual(seen.slice(-2));
    expect(last.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    expect((await subgraph.ask(query, { first: 251 }, viewer)).errors[0]?.code).toBe('PAGE_SIZE_INVALID');
    expect((await subgraph.ask(query, { first: 1, after: 'nonsense' }, viewer)).errors[0]?.code).toBe('CURSOR_INVALID');
  });

  it('shows no tenant the levels of another', async () => {
    const { stockLevel } = await set({ skuId: newId('sku'), onHand: 3 });
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on StockLevel { onHand } } }';
    const stranger = staffOf('ten_00000000000000000000000008');
    const { data } = await subgraph.ask(query, { refs: [{ __typename: 'StockLevel', id: stockLevel.id }] }, stranger);
    expect(data?._entities).toEqual([null]);
  });
});
