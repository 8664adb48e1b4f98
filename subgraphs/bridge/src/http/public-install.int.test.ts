import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, ensureTenant, InProcessCalls } from '@quanyu/calls';
import { ShoplazzaShop, shoplazzaSandbox, startSandbox, type Sandbox } from '@quanyu/channel-sandbox';
import { tenantDeleted, tenantRestored } from '@quanyu/events';
import { openTestSubgraph, staffOf, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { bridge } from '../subgraph.js';
import { oauth } from './oauth.js';

const SECRET = 'FAKE-SECRET-quanyu-app';
const DOMAIN = 'quanyu-public.myshoplaza.com';
const MERCHANT = 'ten_0000000000000000000000pub1';
const OTHER = 'ten_0000000000000000000000pub2';
const app = { PUBLIC_URL: 'https://shop.example.com', SHOPLAZZA_CLIENT_ID: 'FAKE-client', SHOPLAZZA_CLIENT_SECRET: SECRET };

/** What access was asked, and whether its next answer gets lost. */
let asked: Json[] = [];
let isLost = false;
let subgraph: TestSubgraph;
let shop: ShoplazzaShop;
let sandbox: Sandbox;
let shops: Shops;
let door: string;
beforeAll(async () => {
  const calls = new InProcessCalls();
  calls.add([answer(ensureTenant, async (input) => {
    asked.push(input);
    if (isLost) throw new Error('the answer of access got lost');
    return { tenantId: MERCHANT };
  })]);
  subgraph = await openTestSubgraph(bridge, { calls });
  shop = new ShoplazzaShop(DOMAIN, { id: 'FAKE-client', secret: SECRET });
  sandbox = await startSandbox([shoplazzaSandbox(shop)]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  door = await subgraph.listen((express) => oauth(express, subgraph.deps, shops, channelEnvironment({ ...app, SHOPLAZZA_PUBLIC_INSTALL: 'true' })));
});
afterAll(async () => {
  await subgraph.close();
  await shops.close();
  await sandbox.close();
});
beforeEach(() => { asked = []; isLost = false; });
afterEach(() => subgraph.deps.database.write(MERCHANT, 'test', (em) => em.execute("update channel_connection set shop_domain = id || '.myshoplaza.com' where shop_domain = ?", [DOMAIN])));

const get = async (path: string, cookie = ''): Promise<{ status: number; location: string; cookie: string; body: string }> => {
  const response = await fetch(door + path, { redirect: 'manual', headers: { cookie, 'accept-language': 'en' } });
  return { status: response.status, location: response.headers.get('location') ?? '', cookie: (response.headers.get('set-cookie') ?? '').split(';')[0]!, body: await response.text() };
};
/** The shop's owner presses Install at the platform and lets us in; answers how to come back from there. */
async function letIn(): Promise<() => Promise<{ status: number; body: string }>> {
  shop.code = 'FAKE-code';
  const { status, location, cookie } = await get(`/oauth/install?shop=${DOMAIN}`);
  expect(status).toBe(302);
  const query: Record<string, string> = { code: 'FAKE-code', shop: DOMAIN, state: new URL(location).searchParams.get('state')! };
  const text = Object.keys(query).sort().map((name) => `${name}=${query[name]}`).join('&');
  const hmac = createHmac('sha256', SECRET).update(text).digest('hex');
  return () => get(`/oauth/callback?${new URLSearchParams({ ...query, hmac }).toString()}`, cookie);
}
const channels = (tenantId = MERCHANT): Promise<{ id: string; syncs: number; streams: number; locale: string; installed: boolean }[]> => subgraph.rows(tenantId,
  `select c.id, c.locale, c.installed_at is not null as installed, (select count(*)::int from first_sync f where f.connection_id = c.id) as syncs, (select count(*)::int from sync_stream s where s.connection_id = c.id) as streams
   from channel_connection c where shop_domain = ?`, [DOMAIN]);

describe('an installation that begins at the platform', () => {
  it('makes the merchant, then the channel with its first reading and the event in one transaction', async () => {
    const back = await letIn();
    expect((await back()).status).toBe(200);
    expect(asked).toEqual([{ platform: 'SHOPLAZZA', shop: DOMAIN, name: '沙盒店' }]);
    const [channel, ...more] = await channels();
    expect([channel, more]).toEqual([expect.objectContaining({ syncs: 1, locale: 'zh-CN', installed: true }), []]);
    expect(channel!.streams).toBeGreaterThan(2);
    expect((await subgraph.recorded('bridge.channel-connected.v1')).filter(({ data }) => data.connectionId === channel!.id)).toMatchObject([{ tenantId: MERCHANT }]);
    const { data } = await subgraph.ask('query($id: ID!) { channel(id: $id) { shop { storeId locale currency timeZone status installedAt lastSyncAt } } }', { id: channel!.id }, staffOf(MERCHANT));
    expect(data?.channel.shop).toEqual({ storeId: '600123', locale: 'zh-CN', currency: 'USD', timeZone: 'Asia/Shanghai', status: 'ACTIVE', installedAt: expect.any(String), lastSyncAt: null });
  });

  it('gives nothing twice, whatever comes twice, at once, or is begun again', async () => {
    const [first, second] = [await letIn(), await letIn()];
    const answers = await Promise.all([first(), first()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    shop.code = 'FAKE-code';
    expect((await second()).status).toBe(200);
    expect(await channels()).toHaveLength(1);
    // Whose shop it is was known the second time.
    expect(asked).toHaveLength(1);
  });

  it('is healed by beginning again, when what access answered got lost', async () => {
    isLost = true;
    const back = await letIn();
    expect((await back()).status).toBe(503);
    expect(await channels()).toEqual([]);
    isLost = false;
    const again = await letIn();
    expect((await again()).status).toBe(200);
    expect(new Set(asked.map(({ platform, shop: name }) => `${platform} ${name}`)).size).toBe(1);
    expect(await channels()).toHaveLength(1);
  });

  it('never gives the keys to who only says that the shop is theirs', async () => {
    await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { userErrors { code } } }', { input: { platform: 'SHOPLAZZA', name: 'Not mine', shopDomain: DOMAIN, idempotencyKey: 'x' } }, staffOf(OTHER));
    const back = await letIn();
    expect((await back()).status).toBe(200);
    expect(await channels(OTHER)).toMatchObject([{ installed: false, syncs: 0 }]);
    expect(await subgraph.rows(OTHER, 'select 1 from channel_connection where sealed_account is not null')).toEqual([]);
    expect(await channels()).toHaveLength(1);
  });

  it('is refused while its merchant is deleted', async () => {
    await subgraph.deliver(tenantDeleted({ tenantId: MERCHANT, sequence: 2, data: { tenantId: MERCHANT } }));
    const back = await letIn();
    const refused = await back();
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('TENANT_DELETED')]);
    expect(await channels()).toEqual([]);
    await subgraph.deliver(tenantRestored({ tenantId: MERCHANT, sequence: 3, data: { tenantId: MERCHANT } }));
  });

  it('needs a shop of the platform, and the setting', async () => {
    expect((await get('/oauth/install')).status).toBe(400);
    expect((await get('/oauth/install?shop=evil.example.com')).status).toBe(400);
    const closed = await subgraph.listen((express) => oauth(express, subgraph.deps, shops, channelEnvironment(app)));
    const answered = await fetch(`${closed}/oauth/install?shop=${DOMAIN}`, { redirect: 'manual' });
    expect([answered.status, await answered.text()]).toEqual([400, expect.stringContaining('TICKET_MISSING')]);
  });
});

describe('the settings of a shop', () => {
  it('are changed by who may, one by one, and refused by name', async () => {
    const back = await letIn();
    await back();
    const [channel] = await channels();
    const set = async (input: object, viewer = staffOf(MERCHANT)): Promise<Json> => (await subgraph.ask(
      'mutation($input: SetChannelShopInput!) { setChannelShop(input: $input) { channel { shop { locale currency timeZone } } userErrors { code } } }', { input: { channelId: channel!.id, ...input } }, viewer)).data?.setChannelShop;
    expect((await set({ locale: 'en_us', currency: 'KWD' })).channel.shop).toEqual({ locale: 'en-US', currency: 'KWD', timeZone: 'Asia/Shanghai' });
    expect((await set({ timeZone: 'UTC' })).channel.shop).toEqual({ locale: 'en-US', currency: 'KWD', timeZone: 'UTC' });
    for (const [code, input] of [['LOCALE_INVALID', { locale: '<b>' }], ['CURRENCY_INVALID', { currency: 'QQQ' }], ['TIME_ZONE_INVALID', { timeZone: '+08:00' }]] as const) expect(await set(input)).toEqual({ channel: null, userErrors: [{ code }] });
    expect(await set({ locale: 'fr' }, staffOf(OTHER))).toEqual({ channel: null, userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] });
  });

  it('take one more statement for all shops of a list', async () => {
    const statements = await subgraph.sql.during(async () => { await subgraph.ask('{ channels { nodes { shop { locale lastSyncAt } } } }', {}, staffOf(MERCHANT)); });
    expect(statements).toHaveLength(2);
  });
});
