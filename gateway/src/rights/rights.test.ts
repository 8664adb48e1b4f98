import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { Viewer, type Scope, type ViewerClaims } from '@quanyu/viewer';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createGateway, type RunningGateway } from '../gateway.js';
import { inProcessSource } from '../sources/in-process.js';
import type { SubgraphRequest, SubgraphSource } from '../sources/source.js';
import { Feed } from '../test-graph.test.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable", "@authenticated", "@requiresScopes", "@policy"])\n`;
const SHOP = `
  type Query {
    order: Order
    orders: [Order!]!
    strict: Order! @requiresScopes(scopes: [["orders:read"]])
    secret: Secret
    open: String
    mine: String @authenticated
    staffOnly: String @policy(policies: [["kind:staff"]])
    odd: String @policy(policies: [["moon:full"]])
    either: String @requiresScopes(scopes: [["orders:read", "orders:write"], ["finance:read"]])
    thing: Thing
    any: [Any!]!
  }
  type Mutation { change: String! @requiresScopes(scopes: [["orders:write"]]) note: String @requiresScopes(scopes: [["orders:write"]]) free: String }
  type Subscription { changed: Order watched: Order @requiresScopes(scopes: [["orders:write"]]) }
  type Order @key(fields: "id") { id: ID! number: Int total: Int @requiresScopes(scopes: [["finance:read"]]) margin: Int! @requiresScopes(scopes: [["finance:read"]]) parts: [Part!]! list: [Part] }
  type Part { name: String cost: Int! @requiresScopes(scopes: [["finance:read"]]) }
  type Secret @requiresScopes(scopes: [["finance:read"]]) { word: String }
  interface Thing { id: ID! price: Int }
  type Book implements Thing { id: ID! price: Int title: String }
  type Gem implements Thing { id: ID! price: Int @requiresScopes(scopes: [["finance:read"]]) carat: Int @requiresScopes(scopes: [["finance:read"]]) }
  union Any = Book | Gem`;
const REPORT = `type Order @key(fields: "id") { id: ID! total: Int @external taxed: Int @requires(fields: "total") @requiresScopes(scopes: [["finance:read"]]) doubled: Int @requires(fields: "total") @requiresScopes(scopes: [["finance:read"]]) }`;

const part = (name: string) => ({ name, cost: 7 });
const order = { __typename: 'Order', id: '1', number: 12, total: 100, margin: 40, parts: [part('a'), part('b')], list: [part('c'), null] };
const feed = new Feed();
const changed: string[] = [];
const shopResolvers = {
  Query: {
    order: () => order, orders: () => [order, { ...order, id: '2' }], strict: () => order, secret: () => ({ word: 'sesame' }), open: () => 'open', mine: () => 'mine', staffOnly: () => 'staff',
    odd: () => 'odd', either: () => 'either', thing: () => ({ __typename: 'Gem', id: 'g', price: 9 }), any: () => [{ __typename: 'Book', id: 'b', title: 'T', price: 1 }, { __typename: 'Gem', id: 'g', carat: 3, price: 9 }],
  },
  Mutation: { change: () => { changed.push('change'); return 'changed'; }, note: () => { changed.push('note'); return 'noted'; }, free: () => { changed.push('free'); return 'free'; } },
  Subscription: { changed: { subscribe: () => feed.listen() }, watched: { subscribe: () => feed.listen() } },
  Order: { __resolveReference: () => order },
};
const reportResolvers = { Order: { taxed: ({ total }: { total: number }) => total * 2, doubled: ({ total }: { total: number }) => total * 2 } };

const claims = (scopes: Scope[], over: Partial<ViewerClaims> = {}): ViewerClaims => ({ kind: 'staff', tenantId: 'ten_1', subjectId: 'stf_1', scopes, channels: 'all', ...over });
const WHO: Record<string, Viewer> = {
  clerk: new Viewer(claims(['orders:read'])), bookkeeper: new Viewer(claims(['finance:read'])), writer: new Viewer(claims(['orders:read', 'orders:write', 'finance:read'])),
  partner: new Viewer(claims(['finance:read'], { kind: 'partner', subjectId: 'key_1' })),
};
const fetched: string[] = [];
let gateway: RunningGateway;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  const { supergraphSdl, errors } = composeServices([{ name: 'shop', url: 'http://shop', typeDefs: parse(LINK + SHOP) }, { name: 'report', url: 'http://report', typeDefs: parse(LINK + REPORT) }]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  const source = (name: string, types: string, resolvers: object): SubgraphSource => {
    const inner = inProcessSource({ name, schema: buildSubgraphSchema([{ typeDefs: parse(LINK + types), resolvers: resolvers as never }]), contextFor: (context) => context });
    return { ...inner, execute: (request: SubgraphRequest, ...rest) => { fetched.push(request.query); return inner.execute(request, ...rest); } };
  };
  gateway = await createGateway({
    supergraphSdl, sources: [source('shop', SHOP, shopResolvers), source('report', REPORT, reportResolvers)], host: '127.0.0.1', port: 0, explorer: false, introspection: false, publicGraph: false,
    authenticator: { authenticate: async ({ authorization }) => ({ viewer: WHO[authorization ?? ''] ?? Viewer.anonymous, expiresAt: null }) },
  });
});
afterAll(() => gateway.close());
beforeEach(() => { fetched.length = 0; changed.length = 0; });

async function ask(who: string, query: string, variables?: object): Promise<{ data?: unknown; errors?: { path?: unknown; extensions: Record<string, unknown> }[] }> {
  const answer = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: who }, body: JSON.stringify({ query, variables }) });
  return await answer.json() as never;
}
const denied = (...path: (string | number)[]) => expect.objectContaining({ path, extensions: expect.objectContaining({ code: 'FORBIDDEN', requestId: expect.any(String) }) });
const fetchedNothingOf = (...words: string[]): void => { for (const word of words) expect(fetched.join('\n')).not.toMatch(new RegExp(`\\b${word}\\b`)); };

describe('a field that the viewer may not see', () => {
  it('is null with an error at its place, and is not fetched', async () => {
    expect(await ask('clerk', '{ order { id total number } open }')).toEqual({ data: { order: { id: '1', total: null, number: 12 }, open: 'open' }, errors: [denied('order', 'total')] });
    fetchedNothingOf('total');
    expect(await ask('bookkeeper', '{ order { total } }')).toEqual({ data: { order: { total: 100 } } });
  });

  it('tells which scopes would open it, and a stranger to sign in', async () => {
    expect((await ask('clerk', '{ either }')).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scopes: 'orders:read orders:write | finance:read' });
    expect((await ask('', '{ mine either }')).errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(await ask('bookkeeper', '{ either mine }')).toEqual({ data: { either: 'either', mine: 'mine' } });
    expect(fetched).toHaveLength(1);
  });

  it('makes its parent null where it may not be null itself, up to the next that may', async () => {
    expect(await ask('clerk', '{ order { id margin } open }')).toEqual({ data: { order: null, open: 'open' }, errors: [denied('order', 'margin')] });
    expect(await ask('clerk', '{ order { parts { name cost } } }')).toEqual({ data: { order: null }, errors: [denied('order', 'parts', 0, 'cost')] });
    expect(await ask('clerk', '{ order { list { name cost } } }')).toEqual({ data: { order: { list: [null, null] } }, errors: [denied('order', 'list', 0, 'cost')] });
    expect(await ask('clerk', '{ orders { margin } }')).toEqual({ data: null, errors: [denied('orders', 0, 'margin')] });
  });

  it('refuses the whole request at the root where it may not be null, and every mutation and subscription', async () => {
    expect(await ask('bookkeeper', '{ open strict { id } }')).toEqual({ data: null, errors: [denied('strict')] });
    expect(await ask('clerk', 'mutation { free change }')).toEqual({ data: null, errors: [denied('change')] });
    expect(await ask('clerk', 'mutation { free note }')).toEqual({ data: null, errors: [denied('note')] });
    expect(fetched).toEqual([]);
    expect(changed).toEqual([]);
    expect(await ask('writer', 'mutation { change free }')).toEqual({ data: { change: 'changed', free: 'free' } });
  });

  it.each([
    ['an alias', '{ o: order { t: total } }', { o: { t: null } }, ['o', 't']],
    ['a fragment', '{ order { ...F } } fragment F on Order { number total }', { order: { number: 12, total: null } }, ['order', 'total']],
    ['an inline fragment', '{ ... on Query { order { ... { total } } } }', { order: { total: null } }, ['order', 'total']],
    ['a fragment used twice', '{ a: order { ...F } order { ...F } } fragment F on Order { total }', { a: { total: null }, order: { total: null } }, ['a', 'total']],
    ['a deferred fragment', '{ order { id ... @defer { total } } }', { order: { id: '1', total: null } }, ['order', 'total']],
    ['@requires', '{ order { taxed doubled } }', { order: { taxed: null, doubled: null } }, ['order', 'taxed']],
    ['its type', '{ secret { word } open }', { secret: null, open: 'open' }, ['secret']],
    ['an interface, of whatever type', '{ thing { id price } }', { thing: { id: 'g', price: null } }, ['thing', 'price']],
    ['one type of a union', '{ any { ... on Book { title price } ... on Gem { id carat } } }', { any: [{ title: 'T', price: 1 }, { id: 'g', carat: null }] }, ['any', 1, 'carat']],
  ])('stays closed through %s', async (_what, query, data, path) => {
    const answer = await ask('clerk', query);
    expect(answer.data).toEqual(data);
    expect(answer.errors?.[0]).toEqual(denied(...path));
    fetchedNothingOf('total', 'word', 'carat');
  });

  it('is no error where the client skipped it', async () => {
    const query = 'query($with: Boolean!) { order { number total @include(if: $with) } }';
    expect(await ask('clerk', query, { with: false })).toEqual({ data: { order: { number: 12 } } });
    expect(await ask('clerk', query, { with: true })).toEqual({ data: { order: { number: 12, total: null } }, errors: [denied('order', 'total')] });
  });

  it('comes in the order in which the client asked, without traces of how it was left out', async () => {
    const { data } = await ask('clerk', '{ order { total id __typename number } }');
    expect(JSON.stringify(data)).toBe('{"order":{"total":null,"id":"1","__typename":"Order","number":12}}');
  });
});

describe('policies', () => {
  it('tell kinds of viewers apart; one that nobody knows is met by nobody', async () => {
    expect(await ask('partner', '{ staffOnly open }')).toEqual({ data: { staffOnly: null, open: 'open' }, errors: [denied('staffOnly')] });
    expect(await ask('clerk', '{ staffOnly odd }')).toEqual({ data: { staffOnly: 'staff', odd: null }, errors: [denied('odd')] });
  });
});

describe('events', () => {
  const events = (who: string, query: string) => createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: who }, retryAttempts: 0 }).iterate({ query });

  it('carry null for it, each of them', async () => {
    const stream = events('clerk', 'subscription { changed { number total } }');
    const first = stream.next();
    while (feed.listeners === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    feed.send(order as never);
    expect((await first).value).toEqual({ data: { changed: { number: 12, total: null } }, errors: [denied('changed', 'total')] });
    const second = stream.next();
    feed.send({ ...order, number: 13 } as never);
    expect((await second).value).toMatchObject({ data: { changed: { number: 13, total: null } } });
    await stream.return?.();
  });

  it('do not begin where the field itself is closed', async () => {
    expect((await events('clerk', 'subscription { watched { id } }').next()).value).toEqual({ data: null, errors: [denied('watched')] });
    expect(feed.listeners).toBe(0);
  });
});
