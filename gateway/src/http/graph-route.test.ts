import { request as httpRequest } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { serverAudits } from 'graphql-http';
import { composeShop, startShop, type Shop } from '../test-graph.test.js';

let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ introspection: true, allowedOrigins: ['https://admin.example.com'] });
});
afterAll(() => shop.gateway.close());
beforeEach(() => { shop.fetches.length = shop.patiences.length = 0; });

const graph = (): string => `${shop.gateway.url}/graphql`;
const post = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(graph(), { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: body as string });
const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> => post(JSON.stringify({ query }), headers);

describe('GraphQL over HTTP', () => {
  it('passes every audit of the specification', async () => {
    // What any client has to send with a GET, since the server's protection against forged requests is on.
    const fetchFn = (url: string, init: RequestInit = {}) => fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), 'apollo-require-preflight': '1' } });
    const results = await Promise.all(serverAudits({ url: graph, fetchFn }).map((audit) => audit.fn()));
    expect(results.length).toBeGreaterThan(55);
    expect(results.filter(({ status }) => status !== 'ok').map(({ id, name, status, ...rest }) => ({ id, name, status, reason: 'reason' in rest ? rest.reason : '' }))).toEqual([]);
  });

  it('writes the fields in the order of the query, and data as it came', async () => {
    const answer = await ask('{ products { available id called: name id2: id __typename } me }');
    expect(await answer.text()).toBe(JSON.stringify({ data: {
      products: [['1', 'Tea'], ['2', 'Cup'], ['3', 'Pot']].map(([id, called]) => ({ available: Number(id) * 10, id, called, id2: id, __typename: 'Product' })),
      me: 'anonymous',
    } }));
  });

  it('answers a preflight and lets only listed origins read', async () => {
    const preflight = await fetch(graph(), { method: 'OPTIONS', headers: { origin: 'https://admin.example.com', 'access-control-request-method': 'POST' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://admin.example.com');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await ask('{ me }', { origin: 'https://admin.example.com' })).headers.get('access-control-allow-origin')).toBe('https://admin.example.com');
    const foreign = await ask('{ me }', { origin: 'https://evil.example.com' });
    expect([foreign.headers.get('access-control-allow-origin'), foreign.headers.get('vary')]).toEqual([null, 'origin']);
  });
});

describe('a request of which only the variables are new', () => {
  const ANSWERS: readonly (readonly [string, object, Record<string, string>])[] = [
    ['an answer', { query: '{ products { id name } me }' }, {}],
    ['a nullable field that fails', { query: '{ products { id shelf } }' }, {}],
    ['one of several operations', { query: 'query A { me } query B { products { id } }', operationName: 'B', variables: null, extensions: {} }, {}],
    ['an operation that is not there', { query: 'query A { me } query B { products { id } }', operationName: 'C' }, {}],
    ['a variable of another type', { query: 'query($on: Boolean!) { me @include(if: $on) }', variables: { on: 'yes' } }, {}],
    ['the same for the newer type', { query: 'query($on: Boolean!) { me @include(if: $on) }', variables: { on: 'yes' } }, { accept: 'application/graphql-response+json' }],
    ['variables that are no object', { query: '{ me }', variables: [] }, {}],
    ['extensions that are no object', { query: '{ me }', extensions: 'no' }, {}],
    ['a name that is no text', { query: '{ me }', operationName: 7 }, {}],
    ['a type that we do not have', { query: '{ me }' }, { accept: 'image/png' }],
    ['a document that does not fit', { query: '{ nothing }' }, {}],
    ['a subscription for one who takes no stream', { query: 'subscription { changed { left } }' }, {}],
    ['a mutation', { query: 'mutation { rename(id: "1", name: "Tea") { id } }' }, {}],
    ['events', { query: '{ me }' }, { accept: 'text/event-stream' }],
    ['Chinese', { query: '{ products { id shelf } }' }, { 'accept-language': 'zh-CN' }],
  ];
  it.each(ANSWERS)('gets %s as the first one did', async (_what, body, headers) => {
    const told = async () => {
      const answer = await post(JSON.stringify(body), { 'x-request-id': 'the-same-one', ...headers });
      const names = [...answer.headers.keys()].filter((name) => name !== 'date');
      return { status: answer.status, text: await answer.text(), headers: names.map((name) => [name, answer.headers.get(name)]) };
    };
    await ask('{ me }', headers);
    const first = await told();
    expect([await told(), await told()]).toEqual([first, first]);
  });

  it('is checked again once another supergraph has come', async () => {
    const query = '{ mood(is: GOOD) me }';
    await ask(query);
    await ask(query);
    await shop.gateway.swapSupergraph(composeShop({ people: 'type Query { me: String }' }), shop.sources);
    const after = await ask(query);
    await shop.gateway.swapSupergraph(composeShop(), shop.sources);
    expect(await after.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    expect(await (await ask(query)).json()).toEqual({ data: { mood: 'GOOD', me: 'anonymous' } });
  });

  it('is run only where its content type is one that no page can send unasked', async () => {
    await ask('{ me }');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await post('{"query":"{ me }"}', { 'content-type': type })).status).toBe(400);
    }
  });
});

describe('bodies', () => {
  it('takes compressed ones', async () => {
    const body = JSON.stringify({ query: '{ me }' });
    for (const [encoding, bytes] of [['gzip', gzipSync(body)], ['deflate', deflateSync(body)], ['br', brotliCompressSync(body)]] as const) {
      expect(await (await post(bytes, { 'content-encoding': encoding })).json()).toEqual({ data: { me: 'anonymous' } });
    }
  });

  it('inflates no bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 32));
    const before = process.memoryUsage().rss;
    const answer = await post(bomb, { 'content-encoding': 'gzip' });
    expect([answer.status, ((await answer.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
  });

  it.each([
    ['no JSON', '{"query":', 400], ['bad UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400], ['a list', '[]', 400], ['no object', '"{ me }"', 400],
    ['deeper than any stack', `{"query":"{ me }","variables":${'['.repeat(100_000)}`, 400],
  ])('refuses %s', async (_what, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  it('refuses a character set it does not read, and a broken compression', async () => {
    expect((await post('{}', { 'content-type': 'application/json; charset=latin1' })).status).toBe(415);
    expect((await post('no gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
  });
});

describe('answers', () => {
  it('are compressed when they are large and the client takes it', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => `p${n}: products { name cents }`).join(' ');
    const large = `{ ...F } fragment F on Query { __schema { types { name description fields { name description } } } } # ${rows.length}`;
    const encodings = async (header: string) => (await ask(large, { 'accept-encoding': header })).headers.get('content-encoding');
    expect([await encodings('gzip'), await encodings('br, gzip'), await encodings('identity'), await encodings('gzip;q=0')]).toEqual(['gzip', 'br', null, null]);
    expect((await ask('{ me }', { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBeNull();
    expect(await (await ask(large, { 'accept-encoding': 'br' })).json()).toHaveProperty('data.__schema.types');
  });
});

describe('@defer', () => {
  const query = '{ products { id ... on Product @defer(label: "stock") { available } } }';
  const parts = (text: string): unknown[] => text.split(/\r\n---(?:--)?\r\n/).flatMap((part) => (part.includes('{') ? [JSON.parse(part.slice(part.indexOf('{'))) as unknown] : []));

  it('sends the rest when it is there', async () => {
    const answer = await ask(query, { accept: 'multipart/mixed;deferSpec=20220824, application/json' });
    expect(answer.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    const text = await answer.text();
    expect(text.startsWith('\r\n---\r\ncontent-type: application/json')).toBe(true);
    expect(text.endsWith('\r\n-----\r\n')).toBe(true);
    expect(parts(text)).toEqual([
      { data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] }, hasNext: true },
      { incremental: ['1', '2', '3'].map((id, n) => ({ data: { available: Number(id) * 10 }, path: ['products', n], label: 'stock' })), hasNext: false },
    ]);
  });

  it('tells errors with their part, and lets null rise no higher', async () => {
    const text = await (await ask('{ products { id ... @defer { where: shelf } } }', { accept: 'multipart/mixed' })).text();
    expect(parts(text)[1]).toMatchObject({ incremental: [
      { data: { where: 'shelf 1' } }, { data: { where: 'shelf 2' } },
      { data: null, path: ['products', 2], errors: [{ path: ['products', 2, 'where'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ], hasNext: false });
    expect(text).not.toMatch(/relation|10\.0/);
  });

  it('is one answer for a client that takes no parts, and where the condition says so', async () => {
    const whole = { data: { products: ['1', '2', '3'].map((id) => ({ id, available: Number(id) * 10 })) } };
    expect(await (await ask(query)).json()).toEqual(whole);
    const off = await post(JSON.stringify({ query: query.replace('{ products', 'query($later: Boolean!) { products').replace('(label', '(if: $later, label'), variables: { later: false } }), { accept: 'multipart/mixed, application/json' });
    expect(off.headers.get('content-type')).toContain('application/json');
    expect(await off.json()).toEqual(whole);
  });
});

describe('server-sent events', () => {
  it('carry a subscription to its end', async () => {
    const controller = new AbortController();
    const answer = await fetch(graph(), { method: 'POST', signal: controller.signal, headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body: JSON.stringify({ query: 'subscription { changed { left product { name } } }' }) });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await read()).toBe(':\n\n');
    shop.feed.send({ product: { id: '1' }, left: 7 });
    expect(await read()).toBe('event: next\ndata: {"data":{"changed":{"left":7,"product":{"name":"Tea"}}}}\n\n');
    controller.abort();
    for (let waited = 0; shop.feed.listeners > 0 && waited < 2_000; waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(shop.feed.listeners).toBe(0);
  });

  it('carry a query or a refusal too', async () => {
    const events = async (query: string) => (await ask(query, { accept: 'text/event-stream' })).text();
    expect(await events('{ me }')).toBe(':\n\nevent: next\ndata: {"data":{"me":"anonymous"}}\n\nevent: complete\ndata:\n\n');
    expect(await events('{ nothing }')).toMatch(/^:\n\nevent: next\ndata: \{"errors":\[.*GRAPHQL_VALIDATION_FAILED.*\n\nevent: complete\ndata:\n\n$/);
  });
});

describe('a client that leaves', () => {
  it('ends what was asked for it', async () => {
    const running = httpRequest(graph(), { method: 'POST', headers: { 'content-type': 'application/json' } });
    running.on('error', () => undefined);
    running.end(JSON.stringify({ query: '{ slow }' }));
    for (let waited = 0; shop.patiences.length === 0 && waited < 2_000; waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
    const { signal } = shop.patiences[0] as { signal: AbortSignal };
    expect(signal.aborted).toBe(false);
    running.destroy();
    for (let waited = 0; !signal.aborted && waited < 2_000; waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(signal.aborted).toBe(true);
  });
});

describe('a subscription in parts', () => {
  it('carries events, tells that it is at its end, and is let go with its client', async () => {
    const open = async (controller = new AbortController()) => {
      const answer = await fetch(graph(), { method: 'POST', signal: controller.signal, headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0, application/json' }, body: JSON.stringify({ query: 'subscription { changed { left product { name } } }' }) });
      expect(answer.headers.get('content-type')).toBe('multipart/mixed; boundary="graphql"; subscriptionSpec=1.0');
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      const read = async () => new TextDecoder().decode((await reader.read()).value);
      expect(await read()).toBe('\r\n--graphql\r\n');
      shop.feed.send({ product: { id: '1' }, left: 7 });
      expect(await read()).toBe('content-type: application/json; charset=utf-8\r\n\r\n{"payload":{"data":{"changed":{"left":7,"product":{"name":"Tea"}}}}}\r\n--graphql\r\n');
      return read;
    };
    const controller = new AbortController();
    await open(controller);
    controller.abort();
    for (let waited = 0; shop.feed.listeners > 0 && waited < 2_000; waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(shop.feed.listeners).toBe(0);
    // The last test: the gateway is closed for it.
    const read = await open();
    await shop.gateway.close();
    expect(await read()).toBe('content-type: application/json; charset=utf-8\r\n\r\n{}\r\n--graphql--\r\n');
  });
});
