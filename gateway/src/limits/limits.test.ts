import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, describe, expect, it } from '@jest/globals';
import { configureLog, metricsText } from '@quanyu/telemetry';
import { Viewer, type ViewerClaims } from '@quanyu/viewer';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Authenticator } from '../authenticator.js';
import { refusal } from '../errors.js';
import { createGateway, type GatewayOptions, type RunningGateway } from '../gateway.js';
import { inProcessSource } from '../sources/in-process.js';
import { MemoryBuckets } from './buckets.js';
import { openLimits } from './limit-settings.js';
import type { LimitSettings } from './limiting.js';
import { documentId } from './trusted-documents.js';

configureLog({ level: 'silent' });

const TYPES = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@cost", "@listSize"])
  type Query @tag(name: "public") {
    orders(first: Int): Orders! @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false)
    grid: [[Cell!]!]! @listSize(assumedSize: 7)
    cells: [Cell!]!
    report(year: Int @cost(weight: 5)): Int @cost(weight: 100)
    me: String
  }
  type Mutation { touch: Int }
  type Subscription { ticks: Int }
  type Orders @tag(name: "public") { nodes: [Order!]! totalCount: Int @cost(weight: 30) }
  type Order @key(fields: "id") @tag(name: "public") {
    id: ID!
    related(first: Int): Orders! @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"], requireOneSlicingArgument: false)
  }
  type Cell @tag(name: "public") @cost(weight: 3) { text: String }`;

const order = { id: '1', related: () => ({ nodes: [order, order], totalCount: 2 }) };
const SCHEMA = buildSubgraphSchema([{ typeDefs: parse(TYPES), resolvers: {
  Query: { orders: () => order.related(), grid: () => [[{ text: 'a' }], []], cells: () => [], report: () => 7, me: (_: unknown, __: unknown, { viewer }: { viewer: Viewer }) => viewer.subjectId },
  Mutation: { touch: () => 1 },
  Subscription: { ticks: { subscribe: async function* () { yield { ticks: 1 }; } } },
} as never }]);
const COMPOSED = composeServices([{ name: 'shop', url: 'http://shop', typeDefs: parse(TYPES) }]).supergraphSdl!;

const claims = (kind: ViewerClaims['kind'], subjectId: string): Viewer => new Viewer({ kind, subjectId, tenantId: 'ten_1', scopes: [], channels: 'all' });
let lookedAt = 0;
const authenticator: Authenticator = {
  async authenticate({ authorization, apiKey }) {
    lookedAt += 1;
    const [kind, id] = (authorization?.slice('Bearer '.length) ?? '').split('-');
    if (apiKey) return { viewer: claims('partner', apiKey), expiresAt: null };
    if (!authorization) return { viewer: Viewer.anonymous, expiresAt: null };
    if (kind !== 'staff' && kind !== 'member') throw refusal('UNAUTHENTICATED', { reason: 'TOKEN_INVALID' });
    return { viewer: claims(kind, `${kind}-${id}`), expiresAt: null };
  },
};

let gateway: RunningGateway;
let fetched = 0;
afterEach(() => gateway.close());
async function open(limits: LimitSettings = {}, more: Partial<GatewayOptions> = {}): Promise<void> {
  fetched = lookedAt = 0;
  const source = inProcessSource({ name: 'shop', schema: SCHEMA, contextFor: (context) => context });
  const counted = { ...source, execute: (...args: Parameters<typeof source.execute>) => { fetched += 1; return source.execute(...args); } };
  gateway = await createGateway({ supergraphSdl: COMPOSED, sources: [counted], authenticator, host: '127.0.0.1', port: 0, explorer: false, introspection: false, limits, ...more });
}

interface Answer { status: number; headers: Headers; body: { data?: unknown; errors?: { extensions: Record<string, unknown> }[]; extensions?: { cost?: { requested: number; actual: number; throttle: { limit: number; remaining: number; resetAt: string } | null } } } }
async function ask(body: string | object, headers: Record<string, string> = {}, path = '/graphql'): Promise<Answer> {
  const answer = await fetch(gateway.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(typeof body === 'string' ? { query: body } : body) });
  return { status: answer.status, headers: answer.headers, body: await answer.json() as Answer['body'] };
}
const staff = { authorization: 'Bearer staff-1' };
const partner = (id = 'key_1'): Record<string, string> => ({ 'x-api-key': id });
const codeOf = ({ status, body }: Answer): unknown[] => [status, body.errors?.[0]?.extensions['code']];
const costOf = async (query: string, variables?: object): Promise<number | undefined> => (await ask({ query, variables, extensions: { cost: true } }, staff)).body.extensions?.cost?.requested;

describe('the cost of an operation', () => {
  it('counts objects, lists as often as they have items, and what says its own weight', async () => {
    await open();
    expect(await costOf('{ me }')).toBe(0);
    expect(await costOf('{ report }')).toBe(100);
    expect(await costOf('{ report(year: 2026) again: report }')).toBe(205);
    expect(await costOf('{ orders(first: 5) { nodes { id } } }')).toBe(1 + 5);
    expect(await costOf('{ orders { nodes { id } totalCount } }')).toBe(1 + 20 + 30);
    expect(await costOf('query($n: Int) { orders(first: $n) { nodes { id } } }', { n: 50 })).toBe(51);
    expect(await costOf('query($n: Int = 30) { orders(first: $n) { nodes { id } } }')).toBe(31);
    expect(await costOf('{ orders(first: 3) { ...F } } fragment F on Orders { nodes { related(first: 4) { nodes { id } } } }')).toBe(1 + 3 * (1 + 1 + 4));
    // A list of lists has a size for each of its depths.
    expect(await costOf('{ cells { text } }')).toBe(10 * 3);
    expect(await costOf('{ grid { text } }')).toBe(7 * 7 * 3);
    expect(await costOf('mutation { touch }')).toBe(10);
  });

  it('refuses 250 of 250 of 250 to everybody, before anything is fetched', async () => {
    await open();
    const nested = 'query($n: Int) { orders(first: $n) { nodes { related(first: $n) { nodes { related(first: $n) { nodes { id } } } } } } }';
    for (const headers of [{}, { authorization: 'Bearer member-1' }, staff]) {
      const answer = await ask({ query: nested, variables: { n: 250 } }, headers);
      expect(codeOf(answer)).toEqual([400, 'COST_TOO_HIGH']);
      expect(answer.body.errors?.[0]?.extensions['requested']).toBeGreaterThan(250 ** 3);
    }
    expect(codeOf(await ask({ query: nested, variables: { n: 250 } }, partner(), '/public/graphql'))).toEqual([400, 'COST_TOO_HIGH']);
    expect(fetched).toBe(0);
    expect((await ask({ query: nested, variables: { n: 3 } }, staff)).status).toBe(200);
  });

  it('is counted for sizes that nobody has', async () => {
    await open();
    for (const n of [-1, null]) expect(await costOf('query($n: Int) { orders(first: $n) { nodes { id } } }', { n })).toBe(21);
  });
});

describe('buckets', () => {
  /** The usual limits by a clock that stands still. */
  const frozen = (): { buckets: MemoryBuckets; pass: (seconds: number) => void } => {
    let now = 0;
    return { buckets: new MemoryBuckets(() => now), pass: (seconds) => { now += seconds * 1_000; } };
  };
  const times = async (count: number, headers: (i: number) => Record<string, string>): Promise<Answer[]> => {
    const answers = [];
    for (let i = 0; i < count; i += 1) answers.push(await ask('{ me }', headers(i)));
    return answers;
  };
  const served = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 200).length;

  it('let a member ask 3 times a second, twice that at once, and say when to come back', async () => {
    const { buckets, pass } = frozen();
    await open({ buckets });
    const answers = await times(8, () => ({ authorization: 'Bearer member-7' }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    expect(codeOf(answers[7]!)).toEqual([429, 'RATE_LIMITED']);
    expect(answers[7]!.headers.get('retry-after')).toBe('1');
    expect(['limit', 'remaining', 'reset'].map((name) => answers[0]!.headers.get(`ratelimit-${name}`))).toEqual(['6', '5', '1']);
    expect(served(await times(1, () => ({ authorization: 'Bearer member-8' })))).toBe(1);
    pass(1);
    expect(served(await times(5, () => ({ authorization: 'Bearer member-7' })))).toBe(3);
  });

  it('let an address ask 10 times a second, whoever its members are, and staff as often as it likes', async () => {
    const { buckets, pass } = frozen();
    await open({ buckets });
    const anybody = (i: number): Record<string, string> => (i % 2 === 0 ? {} : { authorization: `Bearer member-${i}` });
    expect(served(await times(25, anybody))).toBe(20);
    pass(1);
    expect(served(await times(15, anybody))).toBe(10);
    expect(served(await times(40, () => staff))).toBe(40);
  });

  it('do not believe an address that the client wrote itself, and believe that of our own proxy', async () => {
    await open({ buckets: frozen().buckets });
    expect(served(await times(25, (i) => ({ 'x-forwarded-for': `10.0.0.${i}` })))).toBe(20);
    await gateway.close();
    await open({ buckets: frozen().buckets }, { proxies: 1 });
    expect(served(await times(25, (i) => ({ 'x-forwarded-for': `10.0.0.${i}` })))).toBe(25);
    expect(served(await times(25, (i) => ({ 'x-forwarded-for': `10.0.0.${i}, 192.0.2.1` })))).toBe(20);
    // An IPv6 customer has 2^64 addresses.
    expect(served(await times(25, (i) => ({ 'x-forwarded-for': `2001:db8:0:7::${i}` })))).toBe(20);
  });

  it('count what a partner asks for in points, tell it, and give back what did not come', async () => {
    await open({ limits: { partnerCost: { perSecond: 0.001, burst: 250 } } });
    const query = '{ orders(first: 200) { nodes { id } } }';
    const first = await ask(query, partner(), '/public/graphql');
    expect(first.body.extensions?.cost).toMatchObject({ requested: 201, actual: 3, throttle: { limit: 250, remaining: 247, resetAt: expect.stringMatching(/Z$/) } });
    expect(first.headers.get('ratelimit-limit')).toBe('250');
    for (let i = 0; i < 15; i += 1) expect((await ask(query, partner(), '/public/graphql')).status).toBe(200);
    const refused = await ask('{ a: report b: report }', partner(), '/public/graphql').then(() => ask('{ a: report b: report }', partner(), '/public/graphql'));
    expect(codeOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(refused.body.errors?.[0]?.extensions).toMatchObject({ requested: 200, limit: 250 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await ask(query, partner('key_2'), '/public/graphql')).status).toBe(200);
  });

  it('count what comes by WebSocket the same way, with an error for each operation that is too many', async () => {
    await open({ buckets: frozen().buckets });
    const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: 'Bearer member-9' } });
    const once = (query: string): Promise<unknown> => new Promise((resolve) => {
      client.subscribe({ query }, { next: () => resolve('answer'), error: (errors) => resolve((errors as { extensions: { code: string } }[])[0]!.extensions.code), complete: () => undefined });
    });
    const said = [];
    for (let i = 0; i < 10; i += 1) said.push(await once('{ me }'));
    expect(said).toEqual([...Array.from({ length: 6 }, () => 'answer'), ...Array.from({ length: 4 }, () => 'RATE_LIMITED')]);
    await client.dispose();
  });

  it('send addresses away that only have bad credentials, without looking at them any more', async () => {
    await open({ limits: { refusedCredentials: { perSecond: 0.001, burst: 5 } } });
    for (let i = 0; i < 5; i += 1) expect((await ask('{ me }', { authorization: `Bearer guess-${i}` })).status).toBe(401);
    const looked = lookedAt;
    for (let i = 0; i < 5; i += 1) expect(codeOf(await ask('{ me }', { authorization: `Bearer guess-${i}` }))).toEqual([429, 'RATE_LIMITED']);
    expect(lookedAt).toBe(looked);
  });

  it('leave mounted routes alone, such as those of webhooks', async () => {
    await open({}, { mount: (app) => app.post('/webhooks', (_request, response) => void response.json({})) });
    const statuses = await Promise.all(Array.from({ length: 60 }, () => fetch(`${gateway.url}/webhooks`, { method: 'POST' }).then(({ status }) => status)));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('trusted documents', () => {
  const KNOWN = 'query Known {\n  me\n}\n';

  it('run by their id, by text or in any spelling of persisted queries', async () => {
    await open({ documents: [KNOWN] });
    const sha256Hash = documentId(KNOWN);
    for (const body of [{ documentId: sha256Hash }, { documentId: `sha256:${sha256Hash}` }, { extensions: { persistedQuery: { version: 1, sha256Hash } } }, { query: KNOWN }]) {
      expect((await ask(body, staff)).body.data).toEqual({ me: 'staff-1' });
    }
    const asked = await fetch(`${gateway.url}/graphql?documentId=${sha256Hash}`, { headers: { ...staff, 'apollo-require-preflight': '1' } });
    expect(await asked.json()).toEqual({ data: { me: 'staff-1' } });
    expect((await ask('{ me }', staff)).status).toBe(200);
    expect(codeOf(await ask({ documentId: documentId('{ me }') }, staff))[1]).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('are all that runs where they are enforced, over HTTP and WebSocket, while partners write their own', async () => {
    await open({ documents: [KNOWN], onlyTrusted: true });
    expect((await ask(KNOWN, staff)).body.data).toEqual({ me: 'staff-1' });
    expect(codeOf(await ask('{ me }', staff))).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    expect(codeOf(await ask('{ not even', staff))).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    expect((await fetch(`${gateway.url}/graphql?query={me}`, { headers: { ...staff, 'apollo-require-preflight': '1' } })).status).toBe(403);
    expect((await ask('{ me }', partner(), '/public/graphql')).body.data).toEqual({ me: 'key_1' });
    const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: staff });
    const code = await new Promise((resolve) => { client.subscribe({ query: '{ me }' }, { next: resolve, error: (errors) => resolve((errors as { extensions: { code: string } }[])[0]!.extensions.code), complete: () => undefined }); });
    expect(code).toBe('DOCUMENT_NOT_TRUSTED');
    await client.dispose();
    expect(fetched).toBe(2);
  });
});

it.each([['auto', true, true], ['auto', false, false], ['off', true, false], ['on', false, true]] as const)('trusted documents %s, in production %s: nothing else runs: %s', (TRUSTED_DOCUMENTS, production, only) => {
  const values = { REDIS_URL: null, TRUSTED_DOCUMENTS, MEMBER_REQUESTS_PER_SECOND: 3, ADDRESS_REQUESTS_PER_SECOND: 10, PARTNER_POINTS_PER_SECOND: 250, BUSY_AFTER_MS: 250 };
  const { limits, close } = openLimits(values, production, []);
  expect(limits.onlyTrusted).toBe(only);
  close();
});

describe('too much to do', () => {
  const block = (milliseconds: number): void => { for (const end = performance.now() + milliseconds; performance.now() < end;); };

  it('sends strangers away at once, with 503 and when to come back, and still serves staff', async () => {
    await open();
    const stranger = ask('{ not even', {});
    const mine = ask('{ me }', staff);
    await new Promise((resolve) => setTimeout(resolve, 1));
    block(1_200);
    const refused = await stranger;
    expect(codeOf(refused)).toEqual([503, 'OVERLOADED']);
    const [{ extensions }] = refused.body.errors as [{ extensions: { requestId: string; retryAfter: number } }];
    expect(extensions.retryAfter).toBeGreaterThanOrEqual(1);
    expect([refused.headers.get('retry-after'), refused.headers.get('x-request-id')]).toEqual([String(extensions.retryAfter), extensions.requestId]);
    expect((await mine).body.data).toEqual({ me: 'staff-1' });
    expect(await metricsText()).toMatch(/^quanyu_requests_shed_total\{kind="anonymous"\} \d/m);
    expect(await metricsText()).not.toMatch(/^quanyu_requests_shed_total\{kind="staff"\}/m);
  });
});
