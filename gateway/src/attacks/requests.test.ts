import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { shedAfter } from '../limits/gate.js';
import { startShop, type Shop } from '../test-graph.test.js';
import { megabytesKept, post, seenOf, watchEach } from './watch.test.js';

watchEach();

let shop: Shop;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ allowedOrigins: ['https://admin.example.com'], limits: { limits: { perAddress: { perSecond: 100_000, burst: 100_000 }, shedAfter: shedAfter(Infinity) } } });
  await post(shop.gateway, { query: '{ me }' });
});
afterAll(() => shop.gateway.close());
beforeEach(() => { shop.fetches.length = 0; });

const RAISE = 'mutation { rename(id: "1", name: "Mine") { id } }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sends bytes by hand, and gives what comes back until the gateway closes, or until `enough` of it is there. */
function raw(bytes: string | Buffer, enough = /\r\n\r\n/): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(Number(new URL(shop.gateway.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (enough.test(text)) socket.destroy();
    }).on('close', () => resolve(text)).on('error', () => undefined);
  });
}

describe('batches', () => {
  it.each([[2], [10_000]])('of %d operations are refused as a whole', async (count) => {
    expect(await post(shop.gateway, Array.from({ length: count }, () => ({ query: '{ me }' })))).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(shop.fetches).toEqual([]);
  });
});

describe('persisted queries', () => {
  it('are not taken from clients: a flood of them leaves nothing behind, and none can be put under the name of another', async () => {
    const flood = async (from: number): Promise<void> => {
      for (let i = from; i < from + 300; i += 1) {
        const query = `{ me } #${i}${'x'.repeat(30_000)}`;
        expect((await post(shop.gateway, { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
      }
    };
    await flood(0);
    expect(await megabytesKept(() => flood(1_000))).toBeLessThan(10);
    const name = sha256('{ me }');
    await post(shop.gateway, { query: '{ products { id } }', extensions: { persistedQuery: { version: 1, sha256Hash: name } } });
    expect((await post(shop.gateway, { extensions: { persistedQuery: { version: 1, sha256Hash: name } } })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('have ids, and nothing else is taken for one', async () => {
    for (const documentId of ['__proto__', 'constructor', '../../etc/passwd', 7, {}, ['a'], null, 'sha256:', 'x'.repeat(100_000)]) {
      expect((await post(shop.gateway, { documentId })).code).toMatch(/^(PERSISTED_QUERY_NOT_FOUND|BAD_REQUEST)$/);
    }
  });
});

describe('other sites', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; application/json', ''])('cannot have a browser send what it sends unasked: %s', async (type) => {
    expect((await post(shop.gateway, JSON.stringify({ query: RAISE }), { 'content-type': type })).status).toBe(400);
    expect(shop.fetches).toEqual([]);
  });

  it('cannot have it GET a query, nor anybody a mutation', async () => {
    const get = (query: string, headers = {}): Promise<Response> => fetch(`${shop.gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers });
    expect((await get('{ me }')).status).toBe(400);
    expect((await get(RAISE, { 'apollo-require-preflight': '1' })).status).toBe(405);
    expect(shop.fetches).toEqual([]);
  });

  it('are told no in the preflight, and their pages cannot read', async () => {
    for (const origin of ['https://evil.example.com', 'null', 'https://admin.example.com.evil.com', 'http://admin.example.com']) {
      const preflight = await fetch(`${shop.gateway.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
      expect((await post(shop.gateway, { query: '{ me }' }, { origin })).headers.get('access-control-allow-origin')).toBeNull();
    }
    const { headers } = await post(shop.gateway, { query: '{ me }' }, { origin: 'https://admin.example.com' });
    expect([headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials'), headers.get('vary')]).toEqual(['https://admin.example.com', null, expect.stringContaining('origin')]);
  });
});

describe('bodies', () => {
  it.each([['gzip', gzipSync], ['br', brotliCompressSync]] as const)('that become large when they are inflated by %s are given up', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(100 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const kept = await megabytesKept(async () => {
      for (let i = 0; i < 5; i += 1) expect(await post(shop.gateway, bomb, { 'content-encoding': encoding })).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    });
    expect(kept).toBeLessThan(10);
  });

  it('that say they are large are refused before they are sent', async () => {
    expect(await raw('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100000000\r\n\r\n{')).toMatch(/^HTTP\/1.1 413 /);
  });

  it('without an end are read to the limit, and no further', async () => {
    const answer = await raw(`POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(40)}`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it.each([
    ['no JSON', '{"query":'], ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])], ['a lone surrogate in bytes', Buffer.from('{"query":"\xed\xa0\x80"}', 'latin1')], ['nothing', ''],
    ['null', 'null'], ['a number', '7'], ['a text', '"{ me }"'], ['a query that is none', '{"query":{"a":1}}'], ['variables that are none', '{"query":"{ me }","variables":"x"}'],
  ])('that are %s are refused', async (_what, body) => {
    expect(await post(shop.gateway, body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(shop.fetches).toEqual([]);
  });

  it('with variables a hundred thousand deep harm nobody', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const seen = await post(shop.gateway, `{"query":"query($id: ID!) { product(id: $id) { id } }","variables":{"id":${deep}}}`);
    expect(seen.status).toBeGreaterThanOrEqual(400);
    expect(seen.text).not.toMatch(/call stack|at Object/);
    expect((await post(shop.gateway, { query: '{ me }' })).status).toBe(200);
  });

  it('that name the prototype change nothing', async () => {
    await post(shop.gateway, '{"query":"{ me }","__proto__":{"polluted":1},"variables":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"extensions":{"__proto__":{"polluted":1}}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('requests', () => {
  it('with headers without an end, two lengths or a NUL are refused by the parser', async () => {
    expect(await raw(`POST /graphql HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(20_000)}`)).toMatch(/^HTTP\/1.1 431 /);
    expect(await raw('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw('GET /graphql HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect(await raw(`GET /graphql?query=${'x'.repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  it('that come drop by drop are ended, while others are served', async () => {
    const began = Date.now();
    const slow = Array.from({ length: 200 }, () => raw('POST /graphql HTTP/1.1\r\nhost: x\r\n', /never/));
    for (let i = 0; i < 20; i += 1) expect((await post(shop.gateway, { query: '{ me }' })).status).toBe(200);
    const answers = await Promise.all(slow);
    expect(new Set(answers.map((text) => text.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 408']));
    expect(Date.now() - began).toBeGreaterThan(9_000);
    expect((await post(shop.gateway, { query: '{ me }' })).status).toBe(200);
  }, 60_000);

  it('leave so many connections open that do nothing, and the longest idle gives way', async () => {
    const small = await startShop({ connections: { perAddress: 6, idle: 4 } });
    const { port } = new URL(small.gateway.url);
    const open = async (): Promise<Socket> => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await new Promise((resolve) => socket.once('connect', resolve));
      // Taken in by the gateway, too, which has several sockets for that: one look at all of them.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return socket;
    };
    const ended = (socket: Socket): Promise<unknown> => new Promise((resolve) => { if (socket.closed) resolve(true); else socket.once('close', resolve); });
    // One at a time: who came first is known.
    const idle: Socket[] = [];
    for (let i = 0; i < 10; i += 1) idle.push(await open());
    await Promise.all(idle.slice(0, 6).map(ended));
    expect(idle.slice(6).map(({ closed }) => closed)).toEqual([false, false, false, false]);

    const busy = [];
    for (let i = 0; i < 6; i += 1) {
      const asked = post(small.gateway, { query: '{ slow }' }, { connection: 'close' });
      asked.catch(() => undefined);
      busy.push(asked);
      // A connection does nothing until its request is read: one at a time, or these would give way to each other.
      for (let waited = 0; small.fetches.length < busy.length && waited < 5_000; waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(idle.slice(6).map(ended));
    const refused = await new Promise<string>((resolve) => {
      let text = '';
      connect(Number(port), '127.0.0.1').on('data', (chunk) => { text += String(chunk); }).on('close', () => resolve(text)).on('error', () => undefined);
    });
    expect(refused).toMatch(/^HTTP\/1.1 503 .*retry-after: 1/s);
    small.open();
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual(busy.map(() => 200));
    await small.gateway.close();
  });

  it('for what is not there tell nothing of what is', async () => {
    for (const path of ['/graphql/', '/GRAPHQL', '/graphql/../graphql', '//graphql', '/.env', '/metrics', '/public/graphql/x']) {
      const answer = await fetch(shop.gateway.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ me }"}' });
      const seen = seenOf(answer.status, answer.headers, await answer.text());
      // `fetch` itself takes `..` out.
      if (path !== '/graphql/../graphql') expect([path, seen.status, seen.code]).toEqual([path, 404, 'NOT_FOUND']);
    }
  });
});
