import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, type Answer, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { catalog } from '../subgraph.js';

const TENANT = 'ten_00000000000000000000000005';
const STRANGER = staffOf('ten_00000000000000000000000006');
const [seen, hidden] = [newId('con'), newId('con')];
const viewer = staffOf(TENANT, { channels: [seen] });
let subgraph: TestSubgraph;
let skus: readonly { id: string; code: string; productId: string }[];

beforeAll(async () => {
  subgraph = await openTestSubgraph(catalog);
  const all = staffOf(TENANT);
  const make = async (input: object) => (await subgraph.ask(
    'mutation($input: CreateProductInput!) { createProduct(input: $input) { product { id skus { id code } } } }', { input: { kind: 'PHYSICAL', idempotencyKey: newId('req'), ...input } }, all)).data?.createProduct.product;
  const products = [
    await make({ title: 'Green tea 100%', skus: ['G-1', 'G-2'].map((code) => ({ code, price: { amount: '8', currency: 'CNY' } })) }),
    await make({ title: 'Black tea', skus: [{ code: 'B_1', price: { amount: '9', currency: 'CNY' } }] }),
    await make({ title: 'Course', kind: 'VIRTUAL', status: 'DRAFT' }),
  ];
  skus = products.flatMap((product) => product.skus.map((sku: { id: string; code: string }) => ({ ...sku, productId: product.id })));
  for (const { id: skuId, code } of skus) for (const channelId of [seen, hidden]) {
    await subgraph.ask('mutation($input: MapChannelSkuInput!) { mapChannelSku(input: $input) { userErrors { code } } }', { input: { channelId, externalSku: `ext-${code}`, skuId, idempotencyKey: newId('req') } }, all);
  }
});
afterAll(() => subgraph.close());

const counted = async (query: string, variables: Record<string, unknown> = {}): Promise<{ data: Answer['data']; statements: number }> => {
  let answer: Answer | undefined;
  const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, variables, viewer); });
  expect(answer?.errors).toEqual([]);
  return { data: answer!.data, statements: statements.length };
};
const titles = async (args: string): Promise<string[]> =>
  (await subgraph.ask(`{ products(${args}) { nodes { title } } }`, {}, viewer)).data?.products.nodes.map((node: { title: string }) => node.title);

describe('fields that need other rows ask once for all', () => {
  it('product.skus', async () => {
    const { data, statements } = await counted('{ products(first: 10) { nodes { skus { code } } } }');
    expect(data?.products.nodes).toEqual([{ skus: [] }, { skus: [{ code: 'B_1' }] }, { skus: [{ code: 'G-1' }, { code: 'G-2' }] }]);
    expect(statements).toBe(2);
  });

  it('sku.product, prices and price together, and channel names', async () => {
    const refs = skus.map(({ id }) => ({ __typename: 'Sku', id }));
    const entities = (fields: string) => counted(`query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { ${fields} } } }`, { refs });
    // One for the SKUs themselves, one for the field.
    const products = await entities('product { id }');
    expect(products.data?._entities).toEqual(skus.map(({ productId }) => ({ product: { id: productId } })));
    expect(products.statements).toBe(2);
    const prices = await entities('cny: price(currency: "CNY") { amount } usd: price(currency: "USD") { amount } prices { currency }');
    expect(prices.data?._entities[2]).toEqual({ cny: { amount: '9.00' }, usd: null, prices: [{ currency: 'CNY' }] });
    expect(prices.statements).toBe(2);
    const names = await entities('channelNames { externalSku channel { id } sku { id } }');
    expect(names.data?._entities).toEqual(skus.map(({ id, code }) => ({ channelNames: [{ externalSku: `ext-${code}`, channel: { id: seen }, sku: { id } }] })));
    expect(names.statements).toBe(2);
  });
});

describe('finding', () => {
  it('looks for text in titles and codes, whatever its letter case', async () => {
    expect(await titles('query: "TEA"')).toEqual(['Black tea', 'Green tea 100%']);
    expect(await titles('query: "g-2"')).toEqual(['Green tea 100%']);
    expect(await titles('query: " "')).toHaveLength(3);
    expect(await titles('query: "coffee"')).toEqual([]);
  });

  it('takes signs of patterns as they stand', async () => {
    expect(await titles('query: "100%"')).toEqual(['Green tea 100%']);
    expect(await titles('query: "%"')).toEqual(['Green tea 100%']);
    expect(await titles('query: "_"')).toEqual(['Black tea']);
    expect(await titles('query: "\' or 1=1 --"')).toEqual([]);
    expect(await titles(String.raw`query: "\\"`)).toEqual([]);
  });

  it('filters by status and pages', async () => {
    expect(await titles('filter: { statuses: [DRAFT] }')).toEqual(['Course']);
    expect(await titles('filter: { statuses: [ACTIVE] }, query: "green"')).toEqual(['Green tea 100%']);
    const { products } = (await subgraph.ask('{ products(first: 1) { totalCount pageInfo { endCursor hasNextPage } } }', {}, viewer)).data!;
    expect(products).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(await titles(`first: 5, after: "${products.pageInfo.endCursor}"`)).toEqual(['Black tea', 'Green tea 100%']);
  });

  it('finds SKUs by code in the order asked for', async () => {
    const { data, statements } = await counted('{ skus(codes: ["B_1", "nobody", "G-1", "B_1"]) { code } }');
    expect(data?.skus).toEqual([{ code: 'B_1' }, { code: 'G-1' }]);
    expect(statements).toBe(1);
    expect((await subgraph.ask('query($codes: [String!]!) { skus(codes: $codes) { id } }', { codes: Array.from({ length: 251 }, String) }, viewer)).errors[0]?.code).toBe('INPUT_INVALID');
  });

  it('finds one product, and none by an id of another kind', async () => {
    const query = 'query($id: ID!) { product(id: $id) { title } }';
    expect((await subgraph.ask(query, { id: skus[0]?.productId }, viewer)).data?.product).toEqual({ title: 'Green tea 100%' });
    expect((await subgraph.ask(query, { id: newId('prd') }, viewer)).data?.product).toBeNull();
    expect((await subgraph.ask(query, { id: newId('sku') }, viewer)).errors[0]?.code).toBe('INVALID_ID');
  });
});

describe('who may look', () => {
  it('is nobody of another tenant', async () => {
    const [{ id, productId }] = skus as [(typeof skus)[0]];
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Sku { code } ... on Product { title } } }';
    expect((await subgraph.ask(query, { refs: [{ __typename: 'Sku', id }, { __typename: 'Product', id: productId }] }, STRANGER)).data?._entities).toEqual([null, null]);
    expect((await subgraph.ask('{ products { nodes { id } totalCount } skus(codes: ["G-1"]) { id } }', {}, STRANGER)).data).toEqual({ products: { nodes: [], totalCount: 0 }, skus: [] });
  });

  it('is nobody without the scope', async () => {
    const blind = staffOf(TENANT, { scopes: ['orders:read'] });
    for (const [someone, code] of [[blind, 'FORBIDDEN'], [Viewer.anonymous, 'UNAUTHENTICATED']] as const) {
      for (const query of ['{ products { nodes { id } } }', '{ skus(codes: ["G-1"]) { id } }', `{ _entities(representations: [{ __typename: "Sku", id: "${skus[0]?.id}" }]) { ... on Sku { code } } }`]) {
        expect((await subgraph.ask(query, {}, someone)).errors[0]?.code).toBe(code);
      }
    }
  });
});
