import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { createDocumentPreparer } from './plan/prepare-document.js';
import { operationsIn, plannedOf, warmUp } from './plan/warm-up.js';
import { loadSupergraph } from './supergraph.js';
import { composeShop, startShop, type Shop } from './test-graph.test.js';

let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop();
});
afterAll(() => shop.gateway.close());

const ask = async (query: string): Promise<unknown> => {
  const answer = await fetch(`${shop.gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
  return answer.json();
};

it('names the subgraphs that nobody can reach', () => {
  expect(() => loadSupergraph(composeShop(), shop.sources.slice(0, 1))).toThrow('No source for the subgraphs: people, stock');
  expect(() => loadSupergraph('type Query { a: Int }', [])).toThrow();
});

it('is replaced while requests run, which finish on the one they began with', async () => {
  const running = ask('{ slow }');
  while (shop.fetches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const less = composeShop({ people: 'type Query { me: String }', stock: 'type Product @key(fields: "id") { id: ID! available: Int }' });
  await shop.gateway.swapSupergraph(less, shop.sources);
  expect(await ask('{ me product(id: "1") { name available } }')).toEqual({ data: { me: 'anonymous', product: { name: 'Tea', available: 10 } } });
  expect(await ask('{ slow }')).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  shop.open();
  expect(await running).toEqual({ data: { slow: 'done' } });
});

it('is planned for before anybody asks: for what the last one was asked, and for documents that are known', async () => {
  const prepare = createDocumentPreparer([]);
  const old = loadSupergraph(composeShop(), shop.sources);
  const documents = ['query A { me } query B($parts: Boolean!) { product(id: "1") { name available ... @include(if: $parts) { parts { id } } } }', '{ products { id buyer } }', '{ gone }'];
  await warmUp(old, documents.flatMap((source) => operationsIn(source, prepare(old, source))), prepare);
  expect(plannedOf(old)).toEqual([{ incremental: false, source: documents[1], operationName: undefined }, { incremental: false, source: documents[0], operationName: 'B' }, { incremental: false, source: documents[0], operationName: 'A' }]);

  const next = loadSupergraph(composeShop({ people: 'type Query { me: String }' }), shop.sources);
  await warmUp(next, plannedOf(old), prepare);
  // One of its fields is there no more.
  expect(plannedOf(next).map(({ operationName }) => operationName)).toEqual(['A', 'B']);
});
