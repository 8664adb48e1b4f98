import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLog } from '@quanyu/telemetry';
import type { ViewerClaims } from '@quanyu/viewer';
import { WebSocket } from 'ws';
import { createAuthenticator } from '../authenticator.js';
import { startShop, type Shop } from '../test-graph.test.js';

const claims: ViewerClaims = { kind: 'partner', tenantId: 'ten_1', subjectId: 'key_1', scopes: ['orders:read'], channels: 'all' };
let now: Map<string, ViewerClaims>;
let looks: number;
let shop: Shop;
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

beforeEach(async () => {
  configureLog({ level: 'silent' });
  now = new Map([[hashOf('one'), claims], [hashOf('two'), { ...claims, subjectId: 'key_2' }]]);
  looks = 0;
  const authenticator = createAuthenticator({
    issuers: [],
    resolveViewer: async (identity) => { looks += 1; return ('keyHash' in identity && now.get(identity.keyHash)) || null; },
  });
  // The shop's own live field plays the announcements.
  shop = await startShop({ authenticator, live: { rightsCheckMilliseconds: 60_000, rightsAnnouncements: { subgraph: 'stock', query: 'subscription { told { subjectId: note } }' } } });
});
afterEach(() => shop.gateway.close());

async function hold(apiKey: string): Promise<{ closed: Promise<unknown>; open: () => boolean }> {
  const socket = new WebSocket(`${shop.gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey } }));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { changed { left } }' } }));
  return { closed, open: () => socket.readyState === WebSocket.OPEN };
}
const announce = (subjectId: string): void => shop.journal.tell({ product: { id: '1' }, note: subjectId });

describe('rights that are taken away', () => {
  it('close what is open with 4403, at once when it is announced', async () => {
    const [one, two] = [await hold('one'), await hold('two')];
    now.delete(hashOf('one'));
    announce('key_1');
    expect(await one.closed).toEqual({ code: 4403, reason: 'RIGHTS_REVOKED' });
    expect(two.open()).toBe(true);
    now.set(hashOf('two'), { ...claims, subjectId: 'key_2', scopes: [] });
    announce('key_2');
    expect(await two.closed).toEqual({ code: 4403, reason: 'RIGHTS_CHANGED' });
  });

  it('are looked up once for an identity, however many connections it holds', async () => {
    const held = await Promise.all(Array.from({ length: 10 }, () => hold('one')));
    looks = 0;
    announce('key_1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(looks).toBe(1);
    expect(held.every(({ open }) => open())).toBe(true);
  });
});

describe('rights that nobody announces', () => {
  it('are noticed by looking now and then', async () => {
    await shop.gateway.close();
    const authenticator = createAuthenticator({ issuers: [], resolveViewer: async (identity) => ('keyHash' in identity && now.get(identity.keyHash)) || null });
    shop = await startShop({ authenticator, live: { rightsCheckMilliseconds: 50 } });
    const one = await hold('one');
    now.delete(hashOf('one'));
    expect(await one.closed).toEqual({ code: 4403, reason: 'RIGHTS_REVOKED' });
  });
});
