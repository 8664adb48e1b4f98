import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
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
