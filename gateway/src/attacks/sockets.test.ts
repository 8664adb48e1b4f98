import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { WebSocket } from 'ws';
import { MemoryBuckets } from '../limits/buckets.js';
import { shedAfter } from '../limits/gate.js';
import { startShop, type Shop } from '../test-graph.test.js';
import { many, megabytesKept, watchEach } from './watch.test.js';

watchEach();

let shop: Shop;
beforeEach(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ limits: { buckets: new MemoryBuckets(() => 0), limits: { shedAfter: shedAfter(Infinity) } }, live: { connectionsPerAddress: 30 } });
});
afterEach(() => shop.gateway.close());

interface Client { readonly socket: WebSocket; readonly closed: Promise<number>; readonly heard: { type: string; id?: string; payload?: unknown }[]; say(message: object | string): void; until(type: string): Promise<unknown> }

/** A client that does as it likes; `status` is that of the upgrade. */
async function dial(origin?: string): Promise<Client & { readonly status: number }> {
  const socket = new WebSocket(`${shop.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { ...(origin !== undefined && { origin }) });
  const heard: Client['heard'] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (text) => {
    heard.push(JSON.parse(String(text)) as Client['heard'][number]);
    waiting.splice(0).forEach((wake) => wake());
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
  return {
    socket, closed, heard, status,
    say: (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(typeof message === 'string' ? message : JSON.stringify(message)); },
    async until(type) {
      for (;;) {
        const found = heard.find((message) => message.type === type);
        if (found !== undefined) return found.payload;
        await new Promise<void>((resolve) => { waiting.push(resolve); });
      }
    },
  };
}

async function greeted(authorization = 'Bearer good'): Promise<Client> {
  const client = await dial();
  client.say({ type: 'connection_init', payload: { authorization } });
  await client.until('connection_ack');
  return client;
}

const subscribe = (id: string, query: string): object => ({ id, type: 'subscribe', payload: { query } });

describe('a flood', () => {
  it('of connections from one address ends at the limit', async () => {
    const clients = await Promise.all(Array.from({ length: 60 }, () => dial()));
    expect(clients.filter(({ status }) => status === 101)).toHaveLength(30);
    expect(clients.filter(({ status }) => status === 429)).toHaveLength(30);
    clients.forEach(({ socket }) => socket.terminate());
  });

  it('of messages closes the connection with 1008, before most of them are read', async () => {
    const client = await greeted();
    for (let i = 0; i < 5_000; i += 1) client.say(subscribe(`s${i}`, '{ me }'));
    expect(await client.closed).toBe(1008);
    expect(shop.fetches.length).toBeLessThan(200);
  });

  it('of subscriptions ends at twenty, and leaves none behind', async () => {
    const client = await greeted();
    for (let i = 0; i < 60; i += 1) client.say(subscribe(`s${i}`, `subscription { x${i}: changed(id: "${i}") { left } }`));
    await client.until('error');
    expect(JSON.stringify(client.heard.filter(({ type }) => type === 'error'))).toContain('TOO_MANY_SUBSCRIPTIONS');
    expect(shop.feed.listeners).toBeLessThanOrEqual(20);
    client.socket.terminate();
    await client.closed;
    while (shop.feed.listeners > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('of one id closes the connection with 4409', async () => {
    const client = await greeted();
    for (let i = 0; i < 20; i += 1) client.say(subscribe('same', 'subscription { changed { left } }'));
    expect(await client.closed).toBe(4409);
  });

  it('of bad credentials is told to come back later, with 4429', async () => {
    const codes: number[] = [];
    for (let i = 0; i < 110; i += 1) {
      const client = await dial();
      client.say({ type: 'connection_init', payload: { authorization: `Bearer guess-${i}` } });
      codes.push(await client.closed);
    }
    expect([codes[0], codes.at(-1)]).toEqual([4403, 4429]);
  });
});

describe('a message', () => {
  it.each<[string, string | object, number]>([
    ['no JSON', '{', 4400], ['no type', '{}', 4400], ['an unknown type', { type: 'x' }, 4400], ['an array', '[]', 4400], ['a second greeting', { type: 'connection_init', payload: {} }, 4429],
    ['a query that is none', { id: '1', type: 'subscribe', payload: { query: 7 } }, 4400], ['an id of 129 characters', subscribe('x'.repeat(129), '{ me }'), 4400], ['larger than 256 KB', subscribe('1', `{ me } #${'x'.repeat(300_000)}`), 1009],
  ])('that is %s closes the connection', async (_what, message, code) => {
    const client = await greeted();
    client.say(message);
    expect(await client.closed).toBe(code);
    expect(shop.fetches).toEqual([]);
  });

  it('before the greeting closes it with 4401, and silence with 4408', async () => {
    const hasty = await dial();
    hasty.say(subscribe('1', '{ me }'));
    expect(await hasty.closed).toBe(4401);
    expect(await (await dial()).closed).toBe(4408);
  }, 20_000);

  it('with a hostile document is refused as over HTTP', async () => {
    const client = await greeted();
    client.say(subscribe('1', `{ products { ${many(1_000, (i) => `a${i}: name`)} } }`));
    expect(await client.until('error')).toMatchObject([{ extensions: { code: 'TOO_MANY_ALIASES' } }]);
    expect(shop.fetches).toEqual([]);
    client.socket.terminate();
  });
});

describe('a connection', () => {
  it.each(['https://evil.example.com', 'null', 'file://', 'http://127.0.0.1', 'nonsense'])('from a page of another origin is not opened: %s', async (origin) => {
    expect((await dial(origin)).status).toBe(403);
  });

  it('costs nothing once it is closed, however many there were', async () => {
    const churn = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i += 1) {
        const clients = await Promise.all(Array.from({ length: 20 }, () => greeted()));
        clients.forEach((client) => client.say(subscribe('1', `subscription { x${i}: changed { left } }`)));
        await Promise.all(clients.map(({ socket, closed }) => { socket.close(); return closed; }));
      }
    };
    await churn(5);
    expect(await megabytesKept(() => churn(20))).toBeLessThan(15);
    while (shop.feed.listeners > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }, 60_000);
});
