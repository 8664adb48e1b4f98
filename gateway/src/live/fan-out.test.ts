import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { composeShop, startShop, type Shop } from '../test-graph.test.js';

interface Message { type: string; id?: string; payload: { data?: { told?: { left: number }; level?: { left: number; product: { id: string } } } | null; errors?: unknown[]; extensions?: { live: { cursor: string; current?: boolean; lagged?: { missed: number | null } } } } }

let shop: Shop;
let sockets: WebSocket[];
beforeEach(async () => {
  configureLog({ level: 'silent' });
  shop = await startShop();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await shop.gateway.close();
});

const until = async (check: () => boolean, what: string): Promise<void> => {
  for (let waited = 0; !check(); waited += 5) {
    if (waited > 3_000) throw new Error(`not within 3 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const TOLD = 'subscription { told { left product { name } } }';
const LEVEL = 'subscription { level { left product { id } } }';
const tell = (left: number, id = '1'): void => shop.journal.tell({ product: { id }, left });

interface Watcher { readonly socket: WebSocket; readonly messages: Message[]; readonly closed: Promise<{ code: number; reason: string }>; nexts(): Message[]; lefts(): unknown[] }

async function watch(query: string, { after, id = '1', authorization = 'Bearer good' }: { after?: string; id?: string; authorization?: string } = {}): Promise<Watcher> {
  const socket = new WebSocket(`${shop.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  sockets.push(socket);
  const messages: Message[] = [];
  socket.on('message', (text) => messages.push(JSON.parse(String(text)) as Message));
  socket.on('error', () => undefined);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await until(() => messages.length > 0, 'admission');
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query, ...(after !== undefined && { extensions: { live: { after } } }) } }));
  const nexts = (): Message[] => messages.filter(({ type }) => type === 'next');
  return { socket, messages, closed, nexts, lefts: () => nexts().map(({ payload }) => (payload.data?.told ?? payload.data?.level)?.left ?? payload.extensions?.live) };
}

describe('many who listen to the same', () => {
  it('share one stream, one run and one text an event, under ids of their own', async () => {
    const ids = ['a', 'b-36-characters-long-as-uuids-are-000', 'ü"\\', 'a', 'c'.repeat(128)];
    const watchers = await Promise.all(ids.map((id) => watch(TOLD, { id })));
    await until(() => shop.journal.listeners === 1, 'one stream');
    await sleep(50);
    shop.fetches.length = 0;
    tell(1);
    tell(2);
    for (const [i, watcher] of watchers.entries()) {
      await until(() => watcher.nexts().length === 2, 'both');
      expect(watcher.nexts()).toEqual([1, 2].map((left) => ({
        id: ids[i], type: 'next', payload: { data: { told: { left, product: { name: 'Tea' } } }, extensions: { live: { cursor: `1.${left}` } } },
      })));
    }
    // One look at the other subgraph for each event, not for each client.
    expect(shop.fetches).toHaveLength(2);
  });

  it('get frames of every length', async () => {
    const watcher = await watch('subscription { told { note } }');
    await sleep(50);
    for (const length of [1, 60, 126, 5_000, 65_500, 70_000, 300_000]) {
      shop.journal.tell({ product: { id: '1' }, note: '好'.repeat(length) });
      await until(() => (watcher.messages.at(-1) as unknown as { payload: { data: { told: { note: string } } } }).payload?.data?.told.note.length === length, `${length} characters`);
    }
  });

  it('do not share across rights, variables or languages', async () => {
    await watch('subscription { changed { left } }');
    await watch('subscription { changed { left note } }');
    await watch('subscription { changed { left } }', { authorization: 'Bearer other' });
    await until(() => shop.feed.listeners === 3, 'three streams');
  });
});

describe('the beginning', () => {
  it('is the present state, then come the changes', async () => {
    tell(5, '1');
    tell(6, '2');
    tell(7, '1');
    const watcher = await watch(LEVEL);
    await until(() => watcher.nexts().length === 2, 'the state');
    expect(watcher.nexts().map(({ payload }) => [payload.data?.level, payload.extensions?.live])).toEqual([
      [{ left: 7, product: { id: '1' } }, { cursor: '1.3', current: true }],
      [{ left: 6, product: { id: '2' } }, { cursor: '1.3', current: true }],
    ]);
    tell(8, '2');
    await until(() => watcher.nexts().length === 3, 'the change');
    expect(watcher.nexts()[2]?.payload.extensions?.live).toEqual({ cursor: '1.4' });
  });

  it('is read once for all who come together', async () => {
    tell(5);
    const watcher = await watch(LEVEL);
    for (let i = 2; i <= 20; i += 1) watcher.socket.send(JSON.stringify({ type: 'subscribe', id: `${i}`, payload: { query: LEVEL } }));
    await until(() => watcher.nexts().length === 20, 'the state, for each');
    expect(shop.journal.catchUps.length).toBeLessThan(4);
  });

  it('after a cursor has no gap and no double, whatever happens meanwhile', async () => {
    for (let i = 1; i <= 20; i += 1) tell(i);
    await watch(TOLD);
    const watchers: Watcher[] = [];
    for (let i = 21; i <= 60; i += 1) {
      tell(i);
      if (i % 4 === 0) watchers.push(await watch(TOLD, { after: '1.7' }));
      if (i % 5 === 0) await sleep(1);
    }
    for (const watcher of watchers) {
      await until(() => watcher.nexts().length >= 53, 'all');
      await sleep(5);
      expect(watcher.lefts()).toEqual(Array.from({ length: 53 }, (_, i) => 8 + i));
    }
  });

  it('tells who comes back too late, and gives the state instead', async () => {
    for (let i = 1; i <= 9; i += 1) tell(i);
    shop.journal.keepsFrom = 5;
    const watcher = await watch(LEVEL, { after: '1.2' });
    await until(() => watcher.nexts().length === 2, 'notice and state');
    expect(watcher.lefts()).toEqual([{ cursor: '1.9', lagged: { missed: null } }, 9]);
  });

  it('refuses a cursor that is none', async () => {
    for (const after of ['', 'x', '1', '1.2.3', '-1.2', '1.2\n']) {
      const watcher = await watch(TOLD, { after });
      await until(() => watcher.messages.length === 2, 'an answer');
      expect(watcher.messages[1]).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'CURSOR_INVALID' } }] });
    }
    expect(shop.journal.listeners).toBe(0);
  });
});

describe('a stream that breaks off', () => {
  it('goes on where it stopped, without a gap and without the client noticing', async () => {
    const watcher = await watch(TOLD);
    await sleep(50);
    tell(1);
    await until(() => watcher.nexts().length === 1, 'the first');
    shop.journal.cut();
    tell(2);
    tell(3);
    await until(() => watcher.nexts().length === 3, 'those told meanwhile');
    tell(4);
    await until(() => watcher.nexts().length === 4, 'the next');
    expect(watcher.lefts()).toEqual([1, 2, 3, 4]);
  });

  it('goes on in another composition where its operation still holds, and ends with a reason where not', async () => {
    const stays = await watch(TOLD);
    const ends = await watch('subscription { level { strict left } }', { id: '9' });
    await until(() => shop.journal.listeners === 2, 'both');
    const types = 'type Product @key(fields: "id") { id: ID! available: Int } type Change { product: Product! left: Int note: String }';
    await shop.gateway.swapSupergraph(composeShop({ stock: `${types} type Subscription { changed(id: ID): Change told: Change level: Change }` }), shop.sources);
    await until(() => ends.messages.length > 1, 'the reason');
    expect(ends.messages[1]).toMatchObject({ id: '9', type: 'error', payload: [{ extensions: { code: 'STREAM_SCHEMA_CHANGED', requestId: expect.any(String) } }] });
    tell(1);
    await until(() => stays.nexts().length === 1, 'a change');
    expect(stays.lefts()).toEqual([1]);
    expect(shop.journal.listeners).toBe(1);
  });
});

describe('a client that does not read', () => {
  const pauseReading = (watcher: Watcher): Socket => {
    const raw = (watcher.socket as unknown as { _socket: Socket })._socket;
    raw.pause();
    return raw;
  };
  const large = (left: number, id: string) => ({ product: { id }, left, note: 'x'.repeat(64 * 1024) });

  it('gets only the latest of a level once it reads again, and others are not held up', async () => {
    const query = 'subscription { level { left note product { id } } }';
    const [slow, quick] = [await watch(query), await watch(query)];
    await sleep(50);
    const raw = pauseReading(slow);
    for (let i = 1; i <= 200; i += 1) {
      shop.journal.tell(large(i, String(1 + (i % 2))));
      await sleep(1);
    }
    await until(() => quick.lefts().at(-1) === 200, 'the quick one');
    raw.resume();
    await until(() => slow.lefts().at(-1) === 200 && slow.lefts().includes(199), 'the latest');
    expect(slow.nexts().length).toBeLessThan(180);
  });

  it('is told when changes of a stream passed it by', async () => {
    const [slow] = [await watch('subscription { told { left note } }')];
    await sleep(50);
    const raw = pauseReading(slow);
    for (let i = 1; i <= 600; i += 1) {
      shop.journal.tell(large(i, '1'));
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await sleep(100);
    raw.resume();
    await until(() => slow.lefts().at(-1) === 600, 'the last');
    const notice = slow.nexts().findIndex(({ payload }) => payload.extensions?.live.lagged !== undefined);
    const { lagged, cursor } = slow.nexts()[notice]!.payload.extensions!.live;
    // The cursor is that of the last one it got: resuming there, nothing is lost.
    expect(cursor).toBe(slow.nexts()[notice - 1]?.payload.extensions?.live.cursor);
    const next = slow.lefts()[notice + 1] as number;
    expect(Number(cursor.slice(2)) + (lagged?.missed ?? 0) + 1).toBe(next);
  });

  it('is sent away with 1013 when it does not begin again, and holds no memory', async () => {
    await shop.gateway.close();
    shop = await startShop({ live: { stallMilliseconds: 300 } });
    const slow = await watch('subscription { told { left note } }');
    await sleep(50);
    const raw = pauseReading(slow);
    const before = process.memoryUsage().rss;
    for (let i = 1; i <= 2_000; i += 1) {
      shop.journal.tell(large(i, '1'));
      if (i % 50 === 0) await sleep(2);
    }
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(250);
    await sleep(500);
    raw.resume();
    expect(await slow.closed).toEqual({ code: 1013, reason: 'SLOW_READER' });
  });
});
