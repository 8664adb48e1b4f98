import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { getOperationAST, parse } from 'graphql';
import type { GatewayContext } from '../context.js';
import { createGateway, type RunningGateway } from '../gateway.js';
import { inProcessSource } from '../sources/in-process.js';
import type { SubgraphSource } from '../sources/source.js';
import { loadSupergraph } from '../supergraph.js';
import { Feed } from '../test-graph.test.js';
import { AnswerCache } from './answer-cache.js';
import { cachePolicy } from './cache-policy.js';

configureLog({ level: 'silent' });

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@inaccessible", "@composeDirective", "@requiresScopes"])
  @link(url: "https://quanyu.dev/cache/v1.0", import: ["@cacheControl"]) @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int!, private: Boolean = false) on FIELD_DEFINITION | OBJECT\n`;
const TYPES = {
  catalog: `
    type Query {
      product(id: ID!): Product @cacheControl(maxAge: 300)
      fresh(id: ID!): Product
      mine: Product @cacheControl(maxAge: 60, private: true)
      news: [Article!]!
      shelf(first: Int): Shelf! @cacheControl(maxAge: 300)
      anything: Anything @cacheControl(maxAge: 300)
    }
    type Mutation { rename(id: ID!, name: String!): Product }
    type Shelf { nodes: [Product!]! @cacheControl(maxAge: 300) size: Int! }
    type Product @key(fields: "id") { id: ID! name: String! size: Size! skus: [Sku!]! @cacheControl(maxAge: 120) maker: Maker viewer: String secret: String @requiresScopes(scopes: [["orders:read"]]) }
    type Sku @key(fields: "id") { id: ID! code: String! }
    type Maker @key(fields: "id") { id: ID! name: String! }
    type Size { width: Int! }
    type Article @key(fields: "id") @cacheControl(maxAge: 30) { id: ID! title: String! }
    union Anything = Article | Product
    type Change { productId: ID! tenantId: ID }
    type Subscription { changes: Change @inaccessible open: Change }`,
  stock: 'type Product @key(fields: "id") { id: ID! stock: Int } type Sku @key(fields: "id") { id: ID! stock: Int }',
};
type Name = keyof typeof TYPES;
const COMPOSED = (() => {
  const { supergraphSdl, errors } = composeServices((Object.keys(TYPES) as Name[]).map((name) => ({ name, url: `http://${name}`, typeDefs: parse(LINK + TYPES[name]) })));
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
})();

let feed: Feed;
let name: string;
let shelf: string[];
let stock: number;
let during: () => unknown;
let fetched: number;
let holdsMs: number;
let fetchedFrom: string[] = [];
const product = (id: string, viewer?: string) => (id === 'none' ? null : { id, name, size: { width: 3 }, skus: [{ id: `sku_${id}`, code: 'A' }], maker: { id: 'm', name: 'Li' }, viewer, secret: 'x' });
const RESOLVERS: Record<Name, object> = {
  catalog: {
    Query: {
      product: async (_: unknown, { id }: { id: string }) => { const found = product(id); await during(); return found; },
      fresh: (_: unknown, { id }: { id: string }) => product(id),
      mine: (_: unknown, __: unknown, { viewer }: GatewayContext) => product('1', viewer.subjectId),
      news: () => [{ id: 'a', title: name }],
      shelf: (_: unknown, { first }: { first: number | null }) => ({ nodes: shelf.slice(0, first ?? undefined).map((id) => product(id)), size: shelf.length }),
    },
    Mutation: { rename: (_: unknown, { id, name: next }: { id: string; name: string }) => { name = next; if (next === 'bad') throw new Error('half done'); return product(id); } },
    Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
    Subscription: { changes: { subscribe: () => feed.listen(), resolve: ({ changed }: { changed: unknown }) => changed } },
  },
  stock: { Product: { __resolveReference: ({ id }: { id: string }) => ({ id, stock }) }, Sku: { __resolveReference: ({ id }: { id: string }) => ({ id, stock }) } },
};
const sources: SubgraphSource[] = (Object.keys(TYPES) as Name[]).map((subgraph) => {
  const source = inProcessSource({ name: subgraph, schema: buildSubgraphSchema([{ typeDefs: parse(LINK + TYPES[subgraph]), resolvers: RESOLVERS[subgraph] as never }]), contextFor: (context) => ({ ...context, holdsMs }) });
  return { ...source, execute: (...args: Parameters<typeof source.execute>) => { fetched += 1; fetchedFrom.push(subgraph); return source.execute(...args); } };
});
const supergraph = loadSupergraph(COMPOSED, sources);

const policyOf = (source: string) => {
  const document = parse(source);
  return cachePolicy(supergraph, { document, definition: getOperationAST(document)! });
};

describe('an answer may be kept', () => {
  it.each([
    ['as long as the shortest of its hints', '{ product(id: "1") { id name size { width } skus { id code } __typename } }', 120, false],
    ['with the values and parts of what has a hint', '{ product(id: "1") { id size { width } } }', 300, false],
    ['by the hint of a type', '{ news { id title } }', 30, false],
    ['through fragments and aliases', '{ p: product(id: "1") { ...F } } fragment F on Product { key: id ... on Product { name } }', 300, false],
    ['with a list', '{ shelf { size nodes { id name } } }', 300, false],
    ['by its viewer alone', '{ mine { id viewer } product(id: "1") { id } }', 60, true],
  ])('%s: %s', (_what, query, seconds, personal) => {
    expect(policyOf(query)).toMatchObject({ seconds, personal });
  });

  it.each([
    ['a root field without a hint', '{ fresh(id: "1") { id } }'], ['one of several', '{ product(id: "1") { id } fresh(id: "1") { id } }'],
    ['an entity without one below it', '{ product(id: "1") { id maker { id name } } }'],
    ['a value of another subgraph', '{ product(id: "1") { id stock } }'], ['one deeper down', '{ product(id: "1") { id skus { id stock } } }'],
    ['an entity without its id', '{ product(id: "1") { name } }'], ['one deeper down without it', '{ product(id: "1") { id skus { code } } }'],
    ['an abstract type', '{ anything { ... on Product { id } } }'], ['a deferred part', '{ product(id: "1") { id ... @defer { name } } }'],
    ['a mutation', 'mutation { rename(id: "1", name: "x") { id } }'], ['nothing but its type', '{ __typename }'],
  ])('never with %s: %s', (_what, query) => {
    expect(policyOf(query)).toBeUndefined();
  });
});

describe('what is kept', () => {
  let gateway: RunningGateway;
  const claims: ViewerClaims = { kind: 'staff', tenantId: 'ten_1', subjectId: 'ann', scopes: ['orders:read'], channels: 'all' };
  const open = async (megabytes = 1): Promise<void> => {
    gateway = await createGateway({
      supergraphSdl: COMPOSED, sources, host: '127.0.0.1', port: 0, explorer: false, introspection: false, publicGraph: false,
      cache: { megabytes, announcements: [{ subgraph: 'catalog', query: 'subscription { changes { productId tenantId } }' }] },
      authenticator: { authenticate: async ({ authorization = '' }) => {
        const [subjectId = '', ...rights] = authorization.replace('Bearer ', '').split(' ');
        return { expiresAt: null, viewer: new Viewer({ ...claims, subjectId, tenantId: rights.includes('other') ? 'ten_2' : 'ten_1', scopes: rights.includes('poor') ? [] : claims.scopes }) };
      } },
    });
    while (feed.listeners === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  beforeEach(async () => {
    [feed, name, during, fetched, shelf, stock, holdsMs] = [new Feed(), 'Tea', () => undefined, 0, ['1', '2'], 1, Infinity];
    await open();
  });
  afterEach(() => gateway.close());

  const PAGE = 'query Page($id: ID!) { product(id: $id) { id name skus { id code } } }';
  async function ask(query = PAGE, { as = 'ann', variables = { id: '1' } as object, headers = {} } = {}) {
    const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${as}`, ...headers }, body: JSON.stringify({ query, variables }) });
    return { body: await answer.json() as { data: Record<string, { name?: string; viewer?: string } | null>; errors?: unknown[] }, cache: answer.headers.get('cache-control'), age: answer.headers.get('age'), vary: answer.headers.get('vary') };
  }
  const told = async (productId: string): Promise<void> => {
    feed.send({ productId } as never);
    // What is told takes a turn or two to be heard.
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is given again without asking anybody, with headers that say so', async () => {
    const first = await ask();
    expect(first).toMatchObject({ cache: 'private, max-age=120', age: '0', vary: expect.stringContaining('authorization') });
    name = 'Coffee';
    expect(await ask()).toEqual(first);
    expect(fetched).toBe(1);
    expect((await ask('{ fresh(id: "1") { id name } }'))).toMatchObject({ cache: 'no-store', age: null });
  });

  it('is forgotten when one of its entities changes, and only then', async () => {
    await ask();
    await ask(PAGE, { variables: { id: '2' } });
    name = 'Coffee';
    await told('2');
    expect((await ask()).body.data['product']?.name).toBe('Tea');
    expect((await ask(PAGE, { variables: { id: '2' } })).body.data['product']?.name).toBe('Coffee');
    await told('sku_1');
    expect((await ask()).body.data['product']?.name).toBe('Coffee');
  });

  it('is never what was read before a change that was told meanwhile', async () => {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => { go = resolve; });
    during = () => gate;
    const early = ask();
    while (fetched === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    name = 'Coffee';
    await told('1');
    go();
    expect((await early).body.data['product']?.name).toBe('Tea');
    expect((await ask()).body.data['product']?.name).toBe('Coffee');
  });

  it('belongs to rights, variables, language and document', async () => {
    for (const change of [{}, { as: 'bob' }, { as: 'ann other' }, { as: 'ann poor' }, { variables: { id: '2' } }, { headers: { 'accept-language': 'zh-CN' } }, { variables: { id: '1' } }]) await ask(PAGE, change);
    // Bob has the rights of Ann.
    expect(fetched).toBe(5);
    await ask(PAGE.replace('name', 'called: name'));
    expect(fetched).toBe(6);
  });

  it('belongs to one viewer alone where it says so', async () => {
    const MINE = '{ mine { id viewer } }';
    expect((await ask(MINE)).body.data['mine']?.viewer).toBe('ann');
    expect((await ask(MINE, { as: 'bob' })).body.data['mine']?.viewer).toBe('bob');
    expect((await ask(MINE)).body.data['mine']?.viewer).toBe('ann');
    expect(fetched).toBe(2);
  });

  it('is forgotten when its viewer is told to have changed, and nobody else is asked for it again', async () => {
    const MINE = '{ mine { id viewer } }';
    for (const as of ['ann', 'bob']) await ask(MINE, { as });
    await told('ann');
    for (const as of ['ann', 'bob']) await ask(MINE, { as });
    expect(fetched).toBe(3);
  });

  it('is no error, and not nothing', async () => {
    const SECRET = '{ product(id: "1") { id secret } }';
    for (let i = 0; i < 2; i += 1) expect(await ask(SECRET, { as: 'ann poor' })).toMatchObject({ cache: 'no-store', body: { errors: [expect.anything()] } });
    const before = fetched;
    for (let i = 0; i < 2; i += 1) expect(await ask(PAGE, { variables: { id: 'none' } })).toMatchObject({ cache: 'no-store', body: { data: { product: null } } });
    expect(fetched).toBe(before + 2);
  });

  describe('of an answer that may not be kept as a whole', () => {
    const LIST = 'query Shelf($first: Int) { shelf(first: $first) { size nodes { id name stock skus { id stock } } } }';
    const shown = async (how: Parameters<typeof ask>[1] = {}) => {
      fetchedFrom = [];
      const { body, cache } = await ask(LIST, { variables: {}, ...how });
      expect(cache).toBe('no-store');
      return { nodes: (body.data['shelf'] as unknown as { nodes: { id: string; name: string; stock: number; skus: { stock: number }[] }[] }).nodes, from: [...fetchedFrom].sort() };
    };

    it('is not asked for again, and what is beside it is', async () => {
      expect((await shown()).from).toEqual(['catalog', 'stock']);
      [name, stock] = ['Coffee', 7];
      const again = await shown();
      expect(again.from).toEqual(['stock']);
      expect(again.nodes).toEqual(['1', '2'].map((id) => ({ id, name: 'Tea', stock: 7, skus: [{ id: `sku_${id}`, stock: 7 }] })));
      // One at a time or many at once: nobody sees what was made of another's answer.
      stock = 8;
      for (const { nodes } of await Promise.all([shown(), shown(), shown()])) expect(nodes.flatMap((node) => [node.stock, ...node.skus.map((sku) => sku.stock)])).toEqual([8, 8, 8, 8]);
    });

    it('is forgotten when one of its entities changes', async () => {
      await shown();
      name = 'Coffee';
      await told('9');
      expect((await shown()).nodes[0]?.name).toBe('Tea');
      await told('2');
      expect(await shown()).toMatchObject({ nodes: [{ name: 'Coffee' }, {}], from: ['catalog', 'stock'] });
    });

    it('is forgotten when there is something new in a list of the tenant, and in that of no other', async () => {
      await shown();
      await shown({ as: 'ann other' });
      shelf = ['1', '2', '3'];
      feed.send({ productId: '3', tenantId: 'ten_1' } as never);
      for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
      expect((await shown()).nodes).toHaveLength(3);
      expect((await shown({ as: 'ann other' })).nodes).toHaveLength(2);
    });

    it('belongs to rights, variables and language', async () => {
      for (const change of [{}, { as: 'ann other' }, { as: 'ann poor' }, { variables: { first: 1 } }, { headers: { 'accept-language': 'zh-CN' } }]) expect((await shown(change)).from).toContain('catalog');
      for (const change of [{ as: 'bob' }, { as: 'ann other' }, { as: 'ann poor' }, { variables: { first: 1 } }]) expect((await shown(change)).from).toEqual(['stock']);
    });

    it('is shown anew to whoever has changed it, before it is announced', async () => {
      for (const next of ['Coffee', 'bad']) {
        await shown();
        await ask(PAGE);
        await ask(`mutation { rename(id: "1", name: "${next}") { id } }`);
        expect((await shown()).nodes[0]?.name).toBe(next);
        expect((await ask()).body.data['product']?.name).toBe(next);
      }
      await ask('mutation { rename(id: "1", name: "Milk") { id } }', { as: 'ann other' });
      expect((await shown()).nodes[0]?.name).toBe('bad');
    });

    it('is never what was read before a change that was told meanwhile, and nothing while changes cannot be heard', async () => {
      const both = 'query Both($first: Int) { product(id: "1") { id name } shelf(first: $first) { nodes { id name stock } } }';
      let go = (): void => undefined;
      const gate = new Promise<void>((resolve) => { go = resolve; });
      during = () => gate;
      fetched = 0;
      const early = ask(both, { variables: {} });
      while (fetched === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      name = 'Coffee';
      await told('1');
      go();
      expect((await early).body.data['product']?.name).toBe('Tea');
      expect((await ask(both, { variables: {} })).body.data['product']?.name).toBe('Coffee');
      feed.end();
      while (feed.listeners > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      for (let i = 0; i < 2; i += 1) expect((await shown()).from).toEqual(['catalog', 'stock']);
    });

    it('is kept no longer than it holds by what its subgraph knows', async () => {
      holdsMs = 900;
      for (let i = 0; i < 2; i += 1) expect((await shown()).from).toEqual(['catalog', 'stock']);
      holdsMs = 60_000;
      expect((await shown()).from).toEqual(['catalog', 'stock']);
      expect((await shown()).from).toEqual(['stock']);
    });

    it('is told to no client: nobody could take it back', async () => {
      const list = '{ shelf { size nodes { id name } } }';
      expect(await ask(list)).toMatchObject({ cache: 'no-store', age: null });
      fetched = 0;
      expect(await ask(list)).toMatchObject({ cache: 'no-store', age: null });
      expect(fetched).toBe(0);
    });
  });

  it('is kept no longer than it holds by what its subgraph knows', async () => {
    holdsMs = 2_900;
    expect(await ask()).toMatchObject({ cache: 'private, max-age=2' });
    expect(await ask()).toMatchObject({ cache: 'private, max-age=2' });
    expect(fetched).toBe(1);
    holdsMs = 900;
    for (let i = 0; i < 2; i += 1) expect(await ask(PAGE, { variables: { id: '2' } })).toMatchObject({ cache: 'no-store' });
    expect(fetched).toBe(3);
  });

  it('is let go while changes cannot be heard', async () => {
    await ask();
    feed.end();
    while (feed.listeners > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await told('nothing');
    name = 'Coffee';
    expect(await ask()).toMatchObject({ cache: 'no-store', body: { data: { product: { name: 'Coffee' } } } });
  });
});

describe('the cache', () => {
  const ANN: GatewayContext = { viewer: new Viewer({ kind: 'staff', tenantId: 'ten_1', subjectId: 'ann', scopes: [], channels: 'all' }), requestId: 'req_test', language: 'en' };
  const document = parse('{ product(id: "1") { id name } }');
  const operation = { source: 'x', document, definition: getOperationAST(document)!, variables: {} };
  const policy = cachePolicy(supergraph, operation)!;
  const data = (id: string, bytes = 0): string => JSON.stringify({ product: { id, name: 'x'.repeat(bytes) } });

  it('ends an answer with its time', () => {
    let now = 0;
    const cache = new AnswerCache(1_000_000, () => now);
    cache.listen();
    cache.keep('k', data('1'), cache.find('k') as number, policy, ANN);
    now = 299_900;
    expect(cache.find('k')).toMatchObject({ seconds: 300, ageSeconds: 299 });
    now = 300_000;
    expect(cache.find('k')).toEqual(expect.any(Number));
  });

  it('holds no more bytes than it may, and survives more changes than it remembers', () => {
    const cache = new AnswerCache(100_000);
    cache.listen();
    for (let i = 0; i < 100; i += 1) cache.keep(`k${i}`, data(String(i), 10_000), cache.find(`k${i}`) as number, policy, ANN);
    const kept = Array.from({ length: 100 }, (_, i) => cache.find(`k${i}`)).filter((found) => typeof found === 'object');
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.length).toBeLessThan(6);
    const moment = cache.find('late') as number;
    cache.forget('1');
    for (let i = 0; i < 25_000; i += 1) cache.forget(`other-${i}`);
    expect(cache.keep('late', data('1'), moment, policy, ANN)).toBe(0);
    expect(cache.find('late')).toEqual(expect.any(Number));
  });
});
