import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startShop, type Shop } from '../test-graph.test.js';

let shop: Shop;
let clients: { dispose(): void | Promise<void> }[];
beforeEach(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop({ live: { pingMilliseconds: 100 } });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.dispose();
  await shop.gateway.close();
});

const address = (): string => `${shop.gateway.url.replace('http', 'ws')}/graphql`;

function connect(params: Record<string, unknown> = { authorization: 'Bearer good' }): Client {
  const client = createClient({ url: address(), webSocketImpl: WebSocket, connectionParams: params, retryAttempts: 0 });
  clients.push(client);
  return client;
}

const until = async (check: () => boolean, what: string): Promise<void> => {
  for (let waited = 0; !check(); waited += 5) {
    if (waited > 3_000) throw new Error(`not within 3 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const listeners = (count: number): Promise<void> => until(() => shop.feed.listeners === count, `${count} listeners, but ${shop.feed.listeners}`);

/** A socket without a client's manners. */
function rawSocket(headers: Record<string, string> = {}): { socket: WebSocket; messages: { type: string; id?: string; payload?: unknown }[]; closed: Promise<{ code: number; reason: string }> } {
  const socket = new WebSocket(address(), 'graphql-transport-ws', { headers });
  const messages: { type: string }[] = [];
  socket.on('message', (text) => messages.push(JSON.parse(String(text)) as { type: string }));
  socket.on('error', () => undefined);
  clients.push({ dispose: () => socket.terminate() });
  return { socket, messages, closed: new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }))) };
}
async function admitted(payload: object = { authorization: 'Bearer good' }, headers: Record<string, string> = {}) {
  const raw = rawSocket(headers);
  await until(() => raw.socket.readyState === WebSocket.OPEN, 'open');
  raw.socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await until(() => raw.messages.length > 0 || raw.socket.readyState === WebSocket.CLOSED, 'an answer');
  return raw;
}

describe('a federated subscription', () => {
  it('fills fields of other subgraphs, with one fetch per event and subgraph', async () => {
    const events = connect().iterate({ query: 'subscription { changed { left product { name available buyer } } }' });
    const first = events.next();
    await listeners(1);
    shop.feed.send({ product: { id: '1' }, left: 7 });
    expect((await first).value).toEqual({ data: { changed: { left: 7, product: { name: 'Tea', available: 10, buyer: 'buyer 1' } } } });
    const second = events.next();
    shop.feed.send({ product: { id: '2' }, left: null });
    expect((await second).value).toEqual({ data: { changed: { left: null, product: { name: 'Cup', available: 20, buyer: 'buyer 2' } } } });
    expect(shop.fetches.map(({ subgraph }) => subgraph).sort()).toEqual(['catalog', 'catalog', 'people', 'people']);
  });

  it('keeps aliases, fragments, variables and directives of the primary operation', async () => {
    const query = `subscription Watch($id: ID, $with: Boolean!) {
      it: changed(id: $id) { rest: left ...More kind: __typename }
    }
    fragment More on Change { thing: product { label: name shop: buyer id @skip(if: $with) sold: available @include(if: $with) } }`;
    const events = connect().iterate({ query, operationName: 'Watch', variables: { id: '2', with: true } });
    const first = events.next();
    await listeners(1);
    shop.feed.send({ product: { id: '2' }, left: 3 });
    expect((await first).value).toEqual({ data: { it: { rest: 3, thing: { label: 'Cup', shop: 'buyer 2', sold: 20 }, kind: 'Change' } } });
  });

  it('passes nulls on: an empty event, a missing entity, a null that rises', async () => {
    const events = connect().iterate({ query: 'subscription { changed { strict note product { name } } }' });
    const first = events.next();
    await listeners(1);
    shop.feed.send(null);
    expect((await first).value).toEqual({ data: { changed: null } });
    const second = events.next();
    shop.feed.send({ product: { id: '1' }, strict: null });
    expect((await second).value).toMatchObject({ data: { changed: null }, errors: [{ path: ['changed', 'strict'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    const third = events.next();
    shop.feed.send({ product: { id: '9' }, note: 'gone' });
    expect((await third).value).toMatchObject({ data: { changed: null }, errors: [{ path: ['changed', 'product', 'name'] }] });
    const fourth = events.next();
    shop.feed.send({ product: { id: '3' }, note: 'still on' });
    expect((await fourth).value).toEqual({ data: { changed: { strict: 1, note: 'still on', product: { name: 'Pot' } } } });
  });

  it('tells errors of an event at their alias, without what is inside', async () => {
    const events = connect().iterate({ query: 'subscription { it: changed { said: note left product { where: shelf name } } }' });
    const first = events.next();
    await listeners(1);
    shop.feed.send({ product: { id: '1' }, left: 4, note: new Error('relation "note" does not exist at 10.0.0.7') });
    const { value } = await first;
    expect(value).toMatchObject({
      data: { it: { said: null, left: 4, product: { where: 'shelf 1', name: 'Tea' } } },
      errors: [{ message: expect.stringContaining('our side'), path: ['it', 'said'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/^req_/) } }],
    });
    expect(JSON.stringify(value)).not.toMatch(/relation|10\.0|serviceName/);
  });

  it('ends with the reason when the owner refuses, in the language of the client', async () => {
    const { socket, messages } = await admitted({ authorization: 'Bearer good' }, { 'accept-language': 'zh-CN' });
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { failing { left } }' } }));
    socket.send(JSON.stringify({ type: 'subscribe', id: '2', payload: { query: 'subscription { broken { left } }' } }));
    socket.send(JSON.stringify({ type: 'subscribe', id: '3', payload: { query: 'subscription { nothing }' } }));
    await until(() => ['1', '2', '3'].every((id) => messages.some((message) => message.id === id && message.type !== 'next')), 'three ends');
    const told = JSON.stringify(messages);
    expect(messages.find(({ id }) => id === '1')).toMatchObject({ type: 'next', payload: { errors: [{ message: '您的角色无权执行此操作。', extensions: { code: 'FORBIDDEN' } }] } });
    expect(messages.find(({ id }) => id === '2')).toMatchObject({ type: 'next', payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] } });
    expect(messages.find(({ id }) => id === '3')).toMatchObject({ type: 'error', payload: [{ message: expect.stringContaining('查询与数据图不符'), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    expect(told).not.toMatch(/stock_app|password/);
  });

  it('runs queries and mutations on the same socket, within the limits', async () => {
    const client = connect();
    const once = async (query: string) => (await client.iterate({ query }).next()).value as unknown;
    expect(await once('{ me products { available } }')).toEqual({ data: { me: 'stf_1', products: [{ available: 10 }, { available: 20 }, { available: 30 }] } });
    expect(await once('mutation { rename(id: "1", name: "Oolong") { name } }')).toEqual({ data: { rename: { name: 'Oolong' } } });
    await expect(once('{ __schema { types { name } } }')).rejects.toMatchObject([{ extensions: { code: 'INTROSPECTION_DISABLED' } }]);
    await expect(once(`{ ${'me '.repeat(5_001)} }`)).rejects.toMatchObject([{ extensions: { code: 'DOCUMENT_TOO_LONG' } }]);
    await expect(once(`{ me } #${'x'.repeat(50_000)}`)).rejects.toMatchObject([{ extensions: { code: 'DOCUMENT_TOO_LONG', limit: 50_000 } }]);
    await expect(once('query A { me } query B { me }')).rejects.toMatchObject([{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
  });
});

describe('leaving', () => {
  const query = 'subscription { changed { left product { name } } }';

  it('leaves no listener behind after unsubscribing, before and after events', async () => {
    const client = connect();
    for (const eventsFirst of [false, true]) {
      const events = client.iterate({ query });
      const first = events.next();
      await listeners(1);
      if (eventsFirst) {
        shop.feed.send({ product: { id: '1' }, left: 1 });
        await first;
      }
      await events.return?.();
      await listeners(0);
    }
  });

  it('leaves no listener behind when the connection is cut, with many subscriptions open', async () => {
    const { socket } = await admitted();
    for (let id = 0; id < 20; id += 1) socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }));
    await listeners(1);
    socket.terminate();
    await listeners(0);
  });

  it('leaves no listener behind when a client leaves in the same breath', async () => {
    const { socket } = await admitted();
    for (let id = 0; id < 10; id += 1) {
      socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query } }));
      socket.send(JSON.stringify({ type: 'complete', id: `${id}` }));
    }
    socket.send(JSON.stringify({ type: 'subscribe', id: 'last', payload: { query } }));
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await listeners(0);
  });

  it('ends with 1001 when the gateway closes', async () => {
    const { socket, closed } = await admitted();
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    await listeners(1);
    await shop.gateway.close();
    expect(await closed).toEqual({ code: 1001, reason: 'Going away' });
    await listeners(0);
  });
});

describe('the connection', () => {
  it.each<[string, object, string]>([
    ['no credentials', {}, 'UNAUTHENTICATED'],
    ['a bad token', { authorization: 'Bearer bad' }, 'TOKEN_INVALID'],
    ['a token that is no text', { authorization: { toString: 'Bearer good' } }, 'UNAUTHENTICATED'],
  ])('closes with 4403 and a code for %s', async (_what, payload, reason) => {
    const { closed, messages } = await admitted(payload);
    expect(await closed).toEqual({ code: 4403, reason });
    expect(messages).toEqual([]);
  });

  it('does not blame the credentials for an outage', async () => {
    expect(await (await admitted({ authorization: 'Bearer outage' })).closed).toEqual({ code: 4500, reason: 'INTERNAL_SERVER_ERROR' });
  });

  it('takes a partner key', async () => {
    expect((await admitted({ apiKey: 'key' })).messages).toEqual([{ type: 'connection_ack' }]);
  });

  it('ends with the token, and frees what it held', async () => {
    const { socket, closed } = await admitted({ authorization: 'Bearer short' });
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { changed { left } }' } }));
    await listeners(1);
    expect(await closed).toEqual({ code: 4403, reason: 'TOKEN_EXPIRED' });
    await listeners(0);
  });

  it('closes with the codes of the protocol', async () => {
    const impolite = async (...messages: string[]) => {
      const { socket, closed } = rawSocket();
      await until(() => socket.readyState === WebSocket.OPEN, 'open');
      for (const message of messages) socket.send(message);
      return (await closed).code;
    };
    const init = JSON.stringify({ type: 'connection_init', payload: { apiKey: 'key' } });
    const subscribe = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { changed { left } }' } });
    expect(await impolite('nonsense')).toBe(4400);
    expect(await impolite(subscribe)).toBe(4401);
    expect(await impolite(init, init)).toBe(4429);
    expect(await impolite('x'.repeat(300 * 1024))).toBe(1009);
    const { socket, closed } = await admitted();
    socket.send(subscribe);
    await listeners(1);
    socket.send(subscribe);
    expect((await closed).code).toBe(4409);
    await listeners(0);
  });

  it('waits 3 seconds for the client to say who it is', async () => {
    const began = Date.now();
    expect((await rawSocket().closed).code).toBe(4408);
    expect(Date.now() - began).toBeGreaterThan(2_900);
  });

  it('holds at most 20 subscriptions', async () => {
    const { socket, messages } = await admitted();
    for (let id = 1; id <= 21; id += 1) socket.send(JSON.stringify({ type: 'subscribe', id: `${id}`, payload: { query: 'subscription { changed { left } }' } }));
    await until(() => messages.some(({ id }) => id === '21'), 'the refusal');
    expect(messages.find(({ id }) => id === '21')).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 20 } }] });
    await listeners(1);
  });

  it('does not compress, pings, and ends those who do not answer', async () => {
    const { socket, closed } = await admitted();
    expect(socket.extensions).toBe('');
    await new Promise((resolve) => socket.once('ping', resolve));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const mute = new WebSocket(address(), 'graphql-transport-ws', { autoPong: false });
    clients.push({ dispose: () => mute.terminate() });
    await new Promise((resolve) => mute.once('close', resolve));
    socket.close();
    await closed;
  });

  it('upgrades nowhere else', async () => {
    const status = await new Promise((resolve) => {
      const socket = new WebSocket(`${address()}/other`, 'graphql-transport-ws');
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(status).toBe(404);
  });
});
