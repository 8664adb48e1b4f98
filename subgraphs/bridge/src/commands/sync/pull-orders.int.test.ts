import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ShopifyShop, shopifyOrder, shopifySandbox, startSandbox, type Sandbox } from '@quanyu/channel-sandbox';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { bridge } from '../../subgraph.js';
import { dueStreams } from '../../queries/due-streams.js';
import { processWaiting } from '../deliveries/process-delivery.js';
import { pullOrders } from './pull-orders.js';

const DOMAIN = 'quanyu-pull.myshopify.com';
const TOKEN = 'shpat_FAKE_token';
let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shop: ShopifyShop;
let shops: Shops;
let connectionId: string;
let shopCount = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  shopCount += 1;
  const domain = `${shopCount}-${DOMAIN}`;
  shop = new ShopifyShop(domain, TOKEN);
  sandbox = await startSandbox([shopifySandbox([shop])]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  const { data } = await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'SHOPIFY', name: 'Demo', shopDomain: domain, idempotencyKey: domain } });
  connectionId = data!['connectChannel'].channel.id as string;
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const SET = 'mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { channel { id reading { failures } } userErrors { code field } } }';
const set = async (fields: Record<string, string>, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const { data } = await subgraph.ask(SET, { input: { channelId: connectionId, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) } }, viewer);
  // Goods and customers, which orders wait for, have been read.
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'ORDERS'", [connectionId]));
  return data?.['setChannelAccount'];
};
const READING = 'query($id: ID!) { channel(id: $id) { reading { readUntil isReading lastSuccessAt failures lastErrorCode runs { state pages orders newOrders errorCode } } } }';
const reading = async (): Promise<Json> => (await subgraph.ask(READING, { id: connectionId })).data!['channel'].reading;
const pull = (): Promise<void> => pullOrders({ ...subgraph.deps }, shops, { tenantId: TEST_TENANT, connectionId });
const due = (): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update sync_stream set next_at = app_now() where connection_id = ?', [connectionId]));
const put = (id: number, minutesAgo: number): void => shop.put(shopifyOrder({
  id, createdAt: new Date(Date.now() - 86_400_000).toISOString(), updatedAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(), financialStatus: 'paid', currency: 'CNY',
  lines: [{ sku: 'QY-MUG-WHT', variantId: 1, productId: 1, title: 'Mug', quantity: 1, price: '39.90' }],
}));
const dueNow = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const batch of dueStreams(subgraph.deps.database)) found.push(...batch);
  return found;
};
const deliveries = (): Promise<{ id: string; topic: string; state: string }[]> => subgraph.rows(TEST_TENANT, 'select id, topic, state from delivery where connection_id = ? order by id', [connectionId]);

describe('a shop with a key', () => {
  it('is read from 30 days ago on, page by page; its orders go the way of webhooks', async () => {
    expect(await set({ accessToken: TOKEN })).toEqual({ channel: { id: connectionId, reading: { failures: 0 } }, userErrors: [] });
    for (let n = 0; n < 60; n += 1) put(7_000 + n, 60 - n);
    put(6_999, 29 * 1440);
    expect(await dueNow()).toContainEqual({ tenantId: TEST_TENANT, connectionId });
    await pull();
    expect(await dueNow()).not.toContainEqual({ tenantId: TEST_TENANT, connectionId });
    const stored = await deliveries();
    expect(stored).toHaveLength(61);
    expect(new Set(stored.map(({ topic }) => topic))).toEqual(new Set(['pulled/order']));
    expect(await reading()).toMatchObject({ isReading: false, failures: 0, lastErrorCode: null, runs: [{ state: 'DONE', orders: 61, newOrders: 61 }] });
    expect(Date.now() - Date.parse((await reading()).readUntil as string)).toBeLessThan(60_000);
    for (const { id } of stored) await processWaiting(subgraph.deps, { tenantId: TEST_TENANT, connectionId, deliveryId: id }, null);
    const told = (await subgraph.recorded('bridge.order-received.v1')).filter(({ data }) => data.connectionId === connectionId);
    expect(told).toHaveLength(61);
    expect(told[0]!.data).toMatchObject({ externalOrderId: '6999', paymentState: 'PAID', amounts: { totalMinor: 3990, currency: 'CNY' }, lines: [{ externalSku: 'QY-MUG-WHT', quantity: 1 }] });
  });

  it('tells an order again only when it changed, though windows overlap', async () => {
    await set({ accessToken: TOKEN });
    put(7_001, 1);
    await pull();
    await due();
    await pull();
    expect(await deliveries()).toHaveLength(1);
    put(7_001, 0);
    await due();
    await pull();
    expect(await deliveries()).toHaveLength(2);
    expect((await reading()).runs.map(({ orders, newOrders }: Json) => [orders, newOrders])).toEqual([[1, 1], [1, 0], [1, 1]]);
  });

  it('is not read before its time, nor by two at once', async () => {
    await set({ accessToken: TOKEN });
    put(7_001, 1);
    await Promise.all([pull(), pull(), pull()]);
    await pull();
    expect((await reading()).runs).toHaveLength(1);
    expect(await deliveries()).toHaveLength(1);
  });

  it('goes on where a reader was killed', async () => {
    await set({ accessToken: TOKEN });
    for (let n = 0; n < 120; n += 1) put(7_000 + n, 120 - n);
    // The last window has three pages; the connection breaks for good at the third.
    const hang = sandbox.requests.length;
    let calls = 0;
    const opened = shops.open.bind(shops);
    shops.open = (...args) => {
      const client = opened(...args)!;
      const real = client.pullOrders!.bind(client);
      client.pullOrders = async (window, page) => { if (page !== null && (calls += 1) === 2) throw new Error('killed'); return real(window, page); };
      return client;
    };
    await expect(pull()).rejects.toThrow('killed');
    expect(sandbox.requests.length).toBeGreaterThan(hang);
    expect(await deliveries()).toHaveLength(100);
    shops.open = opened;
    await pull();
    expect(await deliveries()).toHaveLength(100);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update sync_stream set leased_until = app_now() - interval '1 second' where connection_id = ?", [connectionId]));
    const before = sandbox.requests.length;
    await pull();
    expect(await deliveries()).toHaveLength(120);
    expect(sandbox.requests.length - before).toBe(1);
    expect((await reading()).runs.map(({ state }: Json) => state)).toEqual(['DONE', 'ABANDONED']);
  });

  it('waits longer from failure to failure, alerts, and takes the alert back when it is read again', async () => {
    await set({ accessToken: TOKEN });
    const alerts = async (): Promise<Json[]> => (await subgraph.rows<Json>(TEST_TENANT, "select code, state from alert where subject_id = ?", [connectionId]));
    sandbox.fail('shopify', 'DOWN');
    for (let n = 0; n < 3; n += 1) { await due(); await pull(); }
    expect(await reading()).toMatchObject({ failures: 3, runs: [{ state: 'FAILED' }, { state: 'FAILED' }, { state: 'FAILED', errorCode: 'PLATFORM_DOWN' }] });
    expect(await alerts()).toEqual([{ code: 'CHANNEL_READ_FAILING', state: 'OPEN' }]);
    const [{ wait }] = await subgraph.rows<{ wait: number }>(TEST_TENANT, 'select round(extract(epoch from next_at - app_now()))::int as wait from sync_stream where connection_id = ? and stream = \'ORDERS\'', [connectionId]) as [{ wait: number }];
    expect(wait).toBeGreaterThan(1700);
    sandbox.heal('shopify');
    await shops.close();
    shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url }));
    put(7_001, 1);
    await due();
    await pull();
    expect(await alerts()).toEqual([{ code: 'CHANNEL_READ_FAILING', state: 'RESOLVED' }]);
    expect(await deliveries()).toHaveLength(1);
  });

  it('says at once that its key is refused, and reads as soon as there is another', async () => {
    await set({ accessToken: 'shpat_FAKE_revoked' });
    put(7_001, 1);
    await pull();
    expect(await subgraph.rows(TEST_TENANT, 'select code, severity, state from alert where subject_id = ?', [connectionId])).toEqual([{ code: 'CHANNEL_KEY_REFUSED', severity: 'CRITICAL', state: 'OPEN' }]);
    await set({ accessToken: TOKEN });
    await pull();
    expect(await deliveries()).toHaveLength(1);
  });

  it('is left alone while its platform is switched off or the channel disabled', async () => {
    await set({ accessToken: TOKEN });
    const off = new Shops(channelEnvironment({ SHOPIFY_INTEGRATION: 'false' }), new Outbound({ via: sandbox.url }));
    await pullOrders(subgraph.deps, off, { tenantId: TEST_TENANT, connectionId });
    await off.close();
    await subgraph.ask('mutation($id: ID!) { disableChannel(input: { channelId: $id }) { userErrors { code } } }', { id: connectionId });
    await due();
    await pull();
    expect(sandbox.requests).toHaveLength(0);
  });

  it('is read again from an instant in the past when a person asks', async () => {
    await set({ accessToken: TOKEN });
    put(7_001, 3 * 1440);
    await pull();
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('delete from delivery where connection_id = ?', [connectionId]).catch(() => undefined));
    const { data } = await subgraph.ask('mutation($input: ReadChannelNowInput!) { readChannelNow(input: $input) { channel { id } userErrors { code } } }', { input: { channelId: connectionId, from: new Date(Date.now() - 4 * 86_400_000).toISOString() } });
    expect(data!['readChannelNow']).toEqual({ channel: { id: connectionId }, userErrors: [] });
    await pull();
    expect((await reading()).runs[0]).toMatchObject({ state: 'DONE', orders: 1 });
  });
});

describe('filling a key in', () => {
  it('refuses fields that are unknown, missing or of another form, and channels of others', async () => {
    const codes = async (fields: Record<string, string>, viewer?: ReturnType<typeof staffOf>): Promise<unknown> => (await set(fields, viewer))?.userErrors;
    expect(await codes({})).toEqual([{ code: 'ACCOUNT_FIELD_INVALID', field: ['fields', 'accessToken'] }]);
    expect(await codes({ accessToken: TOKEN, apiVersion: 'latest' })).toEqual([{ code: 'ACCOUNT_FIELD_INVALID', field: ['fields', 'apiVersion'] }]);
    expect(await codes({ accessToken: TOKEN, secret: 'x' })).toEqual([{ code: 'ACCOUNT_FIELD_INVALID', field: ['fields', 'secret'] }]);
    expect(await codes({ accessToken: TOKEN }, staffOf('ten_00000000000000000000000002'))).toEqual([{ code: 'CHANNEL_NOT_FOUND', field: ['channelId'] }]);
  });

  it('keeps secrets sealed and what people may see in clear', async () => {
    await set({ accessToken: TOKEN, locationId: '1' });
    await set({ apiVersion: '2026-01' });
    const [row] = await subgraph.rows<{ settings: object; text: string }>(TEST_TENANT, 'select settings, c::text as text from channel_connection c where id = ?', [connectionId]);
    expect(row!.settings).toEqual({ apiVersion: '2026-01', currency: 'CNY', locationId: '1' });
    expect(row!.text).not.toContain(TOKEN);
  });
});
