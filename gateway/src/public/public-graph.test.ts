import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDocument, type CallHandler } from '@quanyu/calls';
import { configureLog } from '@quanyu/telemetry';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema, type IntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createGateway, type GatewayOptions, type RunningGateway } from '../gateway.js';
import { USUAL_LIMITS } from '../limits/gate.js';
import { inProcessSource } from '../sources/in-process.js';
import { loadSupergraph } from '../supergraph.js';
import { Feed } from '../test-graph.test.js';
import { contractSchema } from './contract-schema.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@external", "@requires", "@requiresScopes", "@inaccessible"])\n`;
const SHOP = `
  type Query {
    product(id: ID!): Product @tag(name: "public") @requiresScopes(scopes: [["catalog:read"]])
    search(filter: Filter @tag(name: "public"), order: SecretOrder): [Product!]! @tag(name: "public")
    ledger: Ledger
    secretProducts: [Product!]!
  }
  type Mutation { burn: String }
  type Subscription { productChanged: Product @tag(name: "public") secretNews: Ledger }
  type Product @key(fields: "id") { id: ID! @tag(name: "public") name: String! @tag(name: "public") cost: Int supplier: Supplier mood: Mood @tag(name: "public") money: Money @tag(name: "public") }
  type Money @tag(name: "public") { amount: String! currency: String! }
  type Supplier { name: String }
  type Ledger { balance: Int }
  enum Mood { GOOD BAD }
  enum SecretOrder { BY_MARGIN }
  input Filter { name: String @tag(name: "public") supplier: String }`;
const STOCK = `type Product @key(fields: "id") { id: ID! cost: Int @external margin: Int @requires(fields: "cost") @tag(name: "public") shelf: String }`;
const COMPOSED = (() => {
  const { supergraphSdl, errors } = composeServices([{ name: 'shop', url: 'http://shop', typeDefs: parse(LINK + SHOP) }, { name: 'stock', url: 'http://stock', typeDefs: parse(LINK + STOCK) }]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
})();

const product = { id: '1', name: 'Tea', cost: 70, supplier: { name: 'Li' }, mood: 'GOOD', money: { amount: '1', currency: 'CNY' } };
const claims: ViewerClaims = { kind: 'partner', tenantId: 'ten_1', subjectId: 'key_1', scopes: ['catalog:read'], channels: 'all' };
const feed = new Feed();
let gateway: RunningGateway;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  gateway = await createGateway(options());
});
function options(): GatewayOptions {
  const source = (name: string, types: string, resolvers: object) => inProcessSource({ name, schema: buildSubgraphSchema([{ typeDefs: parse(LINK + types), resolvers: resolvers as never }]), contextFor: (context) => context });
  return {
    supergraphSdl: COMPOSED, host: '127.0.0.1', port: 0, explorer: false, introspection: false,
    sources: [
      source('shop', SHOP, { Query: { product: (_root: unknown, { id }: { id: string }) => { if (id === 'broken') throw new Error('the database is away'); return id === '1' ? product : null; }, search: () => [product], ledger: () => ({ balance: 7 }) }, Product: { __resolveReference: () => product }, Subscription: { productChanged: { subscribe: () => feed.listen() } } }),
      source('stock', STOCK, { Product: { margin: ({ cost }: { cost: number }) => 100 - cost } }),
    ],
    viewerOfKey: async (tenantId, keyId) => (tenantId !== 'ten_1' || keyId === 'key_gone' ? null : { ...claims, subjectId: keyId, ...(keyId === 'key_poor' && { scopes: [] }) }),
    authenticator: { authenticate: async ({ apiKey, authorization }) => ({
      expiresAt: null,
      viewer: apiKey === 'partner' ? new Viewer(claims) : apiKey === 'poor' ? new Viewer({ ...claims, scopes: [] }) : authorization ? new Viewer({ ...claims, kind: 'staff' }) : Viewer.anonymous,
    }) },
  };
}
afterAll(() => gateway.close());

async function ask(query: string, headers: Record<string, string> = { 'x-api-key': 'partner' }, variables?: object) {
  const answer = await fetch(`${gateway.url}/public/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as { data?: Record<string, unknown>; errors?: { message: string; extensions: Record<string, unknown> }[] } };
}

/** Everything that the contract hides. */
const HIDDEN = /\b(cost|supplier|Supplier|ledger|Ledger|secretNews|secretProducts|SecretOrder|BY_MARGIN|burn|Mutation|shelf|balance)\b/;

describe('the contract', () => {
  it('shows what is tagged, and what that needs, and nothing else', async () => {
    const { data } = (await ask(getIntrospectionQuery())).body;
    const printed = printSchema(buildClientSchema(data as unknown as IntrospectionQuery));
    expect(printed).not.toMatch(HIDDEN);
    expect(printed).toContain('type Product {\n  id: ID!\n  name: String!\n  mood: Mood\n  money: Money\n  margin: Int\n}');
    expect(printed).toContain('type Money {\n  amount: String!\n  currency: String!\n}');
    expect(printed).toContain('input Filter {\n  name: String\n}');
    expect(printed).toContain('type Subscription {\n  productChanged: Product\n}');
  });

  it('may not give what has nothing public in it', () => {
    const holed = COMPOSED.replace(/supplier: Supplier/, 'supplier: Supplier @tag(name: "public")');
    const { apiSchema } = loadSupergraph(COMPOSED, ['shop', 'stock'].map((name) => ({ name }) as never));
    expect(() => contractSchema(holed, apiSchema)).toThrow('Product.supplier is tagged, but nothing of Supplier is');
  });
});

describe('a partner', () => {
  it('asks for what is public, also where it is computed from what is not', async () => {
    expect((await ask('{ product(id: "1") { name margin money { amount } } }')).body).toEqual({ data: { product: { name: 'Tea', margin: 30, money: { amount: '1' } } } });
    expect((await ask('query($f: Filter) { search(filter: $f) { id mood } }', undefined, { f: { name: 'T' } })).body).toEqual({ data: { search: [{ id: '1', mood: 'GOOD' }] } });
  });

  it.each([
    ['a field', '{ product(id: "1") { XX } }', 'cost', 'neverWas'],
    ['a root field', '{ XX { id } }', 'secretProducts', 'neverWasHere'],
    ['a type in a fragment', '{ product(id: "1") { ... on XX { name } } }', 'Supplier', 'NeverWas'],
    ['a type by name', '{ __type(name: "XX") { name } }', 'Ledger', 'NeverWas'],
    ['a mutation', 'mutation { XX }', 'burn', 'never'],
    ['a subscription', 'subscription { XX { id } }', 'secretNews', 'zzz'],
    ['an argument', '{ search(XX: BY_MARGIN) { id } }', 'order', 'zzz'],
    ['a variable of a type', 'query($x: XX) { search { id } }', 'SecretOrder', 'Zzz'],
    ['an input field', '{ search(filter: { XX: "x" }) { id } }', 'supplier', 'neverWas'],
  ])('cannot tell %s that is hidden from one that never was', async (_what, query, hidden, never) => {
    const answers = await Promise.all([hidden, never].map(async (name) => {
      const { status, text } = await ask(query.replace('XX', name));
      return { status, text: text.replaceAll(name, 'XX').replace(/req_\w+/g, 'req').replace(/"(line|column)":\d+/g, '') };
    }));
    expect(answers[0]).toEqual(answers[1]);
  });

  it('is led to nothing hidden by names that are nearly right', async () => {
    for (const near of ['{ product(id: "1") { costs } }', '{ product(id: "1") { suplier } }', '{ ledgers { id } }', '{ secretProduct { id } }', '{ search(filter: { suppliers: "x" }) { id } }', '{ search(order: BY_MARGINS) { id } }']) {
      expect((await ask(near)).text).not.toMatch(/"[^"]*Did you mean[^"]*(cost|supplier|ledger|secretProducts|BY_MARGIN)\b/);
    }
    expect((await ask('{ product(id: "1") { nam } }')).text).toContain('Did you mean');
  });

  it('needs a key, and for each field the scopes of the key', async () => {
    for (const headers of [{}, { authorization: 'Bearer staff' }]) expect(await ask('{ __typename }', headers as Record<string, string>)).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'PARTNER_KEY_NEEDED' } }] } });
    expect((await ask('{ product(id: "1") { name } }', { 'x-api-key': 'poor' })).body).toMatchObject({ data: { product: null }, errors: [{ extensions: { code: 'FORBIDDEN', scopes: 'catalog:read' } }] });
  });

  it('follows what is public', async () => {
    const client = (connectionParams: Record<string, string>) => createClient({ url: `${gateway.url.replace('http', 'ws')}/public/graphql`, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
    const events = client({ apiKey: 'partner' }).iterate({ query: 'subscription { productChanged { name } }' });
    const first = events.next();
    while (feed.listeners === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    feed.send({ productChanged: product } as never);
    expect((await first).value).toMatchObject({ data: expect.anything() });
    await events.return?.();
    await expect(client({ apiKey: 'partner' }).iterate({ query: 'subscription { secretNews { balance } }' }).next()).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    await expect(client({ authorization: 'Bearer staff' }).iterate({ query: 'subscription { productChanged { name } }' }).next()).rejects.toMatchObject({ code: 4403 });
  });
});

describe('a stored subscription document', () => {
  const of = (running: RunningGateway): CallHandler => running.calls.find(({ name }) => name === runDocument.name)!;
  const run = (document: string, over: object = {}, running = gateway): Promise<unknown> => of(running).handle({ tenantId: 'ten_1', keyId: 'key_1', about: 'Product', document, id: '1', ...over });

  it('tells of one thing what it would tell of an event, under its own names', async () => {
    expect(await run('subscription News { changed: productChanged { ...Parts mood } } fragment Parts on Product { name margin money { amount } }')).toEqual({ kind: 'ran', data: { changed: { name: 'Tea', margin: 30, money: { amount: '1' }, mood: 'GOOD' } } });
    expect(await run('subscription { productChanged { name } }', { id: null })).toEqual({ kind: 'valid' });
    expect(await run('subscription { productChanged { name } }', { id: '2' })).toEqual({ kind: 'absent' });
  });

  it.each([
    ['a hidden field', 'subscription { productChanged { cost } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a hidden field in a fragment', 'subscription { productChanged { ...F } } fragment F on Product { supplier { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a hidden subscription', 'subscription { secretNews { balance } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['a query', '{ product(id: "1") { name } }', 'NOT_A_SUBSCRIPTION'],
    ['two operations', 'subscription A { productChanged { name } } subscription B { productChanged { name } }', 'NOT_A_SUBSCRIPTION'],
    ['a fragment at its root', 'subscription { ...R } fragment R on Subscription { productChanged { name } }', 'NOT_A_SUBSCRIPTION'],
    ['a variable', 'subscription ($w: Boolean = true) { productChanged { name @include(if: $w) } }', 'VARIABLES_NOT_ALLOWED'],
    ['introspection', 'subscription { productChanged { name __typename } }', null],
  ])('of %s is judged by the contract', async (_what, document, code) => {
    for (const id of [null, '1']) expect(await run(document, { id })).toMatchObject(code === null ? { kind: id === null ? 'valid' : 'ran' } : { kind: 'refused', code });
  });

  it('has the rights of its key as they are now: all of it or nothing', async () => {
    const document = 'subscription { productChanged { name } }';
    expect(await run(document, { keyId: 'key_poor' })).toMatchObject({ kind: 'refused', code: 'FORBIDDEN' });
    expect(await run(document, { keyId: 'key_gone' })).toMatchObject({ kind: 'refused', code: 'KEY_GONE' });
    expect(await run(document, { tenantId: 'ten_2' })).toMatchObject({ kind: 'refused', code: 'KEY_GONE' });
    expect(await run(document, { about: 'Order' })).toMatchObject({ kind: 'refused', code: 'WRONG_TYPE' });
  });

  it('that cannot be told in full now is told later', async () => {
    expect(await run('subscription { productChanged { name } }', { id: 'broken' })).toMatchObject({ kind: 'failed' });
  });

  it('may cost no more than a request of its partner, and is paid from the same bucket', async () => {
    const limited = await createGateway({ ...options(), limits: { limits: { partnerCost: { perSecond: 0.001, burst: 5 }, mostCost: { ...USUAL_LIMITS.mostCost, partner: 1 } } } });
    try {
      expect(await run('subscription { productChanged { name money { amount } margin } }', { id: null }, limited)).toMatchObject({ kind: 'refused', code: 'COST_TOO_HIGH' });
      const kinds = new Set<unknown>();
      for (let n = 0; n < 12; n += 1) kinds.add(((await run('subscription { productChanged { name } }', {}, limited)) as { kind: string }).kind);
      expect([...kinds]).toEqual(['ran', 'failed']);
    } finally {
      await limited.close();
    }
  });

  it('is held against the graph as it is at that moment', async () => {
    const document = 'subscription { productChanged { mood } }';
    const moved = await createGateway(options());
    try {
      expect(await run(document, {}, moved)).toMatchObject({ kind: 'ran' });
      const hidden = COMPOSED.replace(/(mood: Mood[^\n]*) @tag\(name: "public"\)/, '$1');
      expect(hidden).not.toBe(COMPOSED);
      await moved.swapSupergraph(hidden, options().sources);
      expect(await run(document, {}, moved)).toMatchObject({ kind: 'refused', code: 'GRAPHQL_VALIDATION_FAILED' });
    } finally {
      await moved.close();
    }
  });
});

it('leaves the whole graph where it was', async () => {
  const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ ledger { balance } }"}' });
  expect(await answer.json()).toEqual({ data: { ledger: { balance: 7 } } });
});
