import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ShoplazzaShop, shoplazzaSandbox, signShoplazzaWebhook, startSandbox, type Sandbox } from '@quanyu/channel-sandbox';
import { openTestSubgraph, staffOf, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { beginInstall } from '../commands/connections/begin-install.js';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { bridge } from '../subgraph.js';
import { oauth } from './oauth.js';
import { webhooks } from './webhooks.js';

const SECRET = 'FAKE-SECRET-quanyu-app';
const DOMAIN = 'quanyu-install.myshoplaza.com';
const environment = channelEnvironment({ PUBLIC_URL: 'https://shop.example.com', SHOPLAZZA_CLIENT_ID: 'FAKE-client', SHOPLAZZA_CLIENT_SECRET: SECRET });
let subgraph: TestSubgraph;
let shop: ShoplazzaShop;
let sandbox: Sandbox;
let shops: Shops;
let door: string;

beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  shop = new ShoplazzaShop(DOMAIN, { id: 'FAKE-client', secret: SECRET });
  sandbox = await startSandbox([shoplazzaSandbox(shop)]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  door = await subgraph.listen((app) => {
    webhooks(app, subgraph.deps);
    oauth(app, subgraph.deps, shops, environment);
  });
});
afterAll(async () => {
  await subgraph.close();
  await shops.close();
  await sandbox.close();
});
beforeEach(() => { shop.code = 'FAKE-code'; });

const get = async (path: string, cookie = '', language = 'en'): Promise<{ status: number; location: string; cookie: string; body: string }> => {
  const answer = await fetch(door + path, { redirect: 'manual', headers: { cookie, 'accept-language': language } });
  return { status: answer.status, location: answer.headers.get('location') ?? '', cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0]!, body: await answer.text() };
};
const ctx = () => ({ viewer: staffOf(TEST_TENANT), deps: subgraph.deps, write: (label: string, work: never) => subgraph.deps.database.write(TEST_TENANT, label, work) }) as never;
/** A person begins in the console and is sent to the platform. */
async function begin(): Promise<{ state: string; cookie: string; location: URL; url: string }> {
  const begun = await beginInstall(ctx(), environment, { platform: 'SHOPLAZZA', shopDomain: DOMAIN });
  if (begun.kind !== 'begun') throw new Error(begun.code);
  const url = begun.url.replace('https://shop.example.com', '');
  const { status, location, cookie } = await get(url);
  expect(status).toBe(302);
  return { location: new URL(location), cookie, state: new URL(location).searchParams.get('state')!, url };
}
/** What the platform sends the browser back with. */
function back(state: string, over: Record<string, string> = {}, secret = SECRET): string {
  const query: Record<string, string> = { code: 'FAKE-code', shop: DOMAIN, state, ...over };
  const text = Object.keys(query).sort().map((name) => `${name}=${query[name]}`).join('&');
  return `/oauth/shoplazza/callback?${new URLSearchParams({ ...query, hmac: createHmac('sha256', secret).update(text).digest('hex') }).toString()}`;
}

describe('letting our app into a shop', () => {
  it('goes to the platform with what we ask for, and comes back as a channel with sealed tokens', async () => {
    const { location, cookie, state } = await begin();
    expect(location.origin + location.pathname).toBe(`https://${DOMAIN}/admin/oauth/authorize`);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ client_id: 'FAKE-client', response_type: 'code', redirect_uri: 'https://shop.example.com/oauth/shoplazza/callback' });
    expect(location.searchParams.get('scope')).toContain('read_order');
    const done = await get(back(state), cookie);
    expect(done.status).toBe(200);
    expect(done.body).toContain('“沙盒店”已连接');
    const [row] = await subgraph.rows<{ id: string; text: string; settings: Record<string, string>; days: number; stream: string }>(TEST_TENANT,
      "select c.id, c::text as text, c.settings, round(extract(epoch from c.token_renew_at - app_now()) / 86400)::int as days, s.stream from channel_connection c join sync_stream s on s.connection_id = c.id and s.stream = 'ORDERS' where shop_domain = ?", [DOMAIN]);
    expect(row).toMatchObject({ settings: { apiVersion: '2022-01', storeId: '600123', clientId: 'FAKE-client' }, days: 358, stream: 'ORDERS' });
    expect(row!.text).not.toContain(shop.accessToken);
    expect(row!.text).not.toContain(SECRET);
    expect((await subgraph.recorded('bridge.channel-connected.v1')).filter(({ data }) => data.connectionId === row!.id)).toHaveLength(1);
    // Its webhooks are signed with the app's secret, and may name the shop by its number.
    const body = Buffer.from('{}');
    const posted = await fetch(`${door}/webhook/shoplazza/600123`, { method: 'POST', body, headers: { ...signShoplazzaWebhook(body, SECRET, { topic: 'products/update', shopDomain: DOMAIN, deduplicationId: 'alias-1' }) } });
    expect(posted.status).toBe(200);
  });

  it('again gives the same channel a new key', async () => {
    const { cookie, state } = await begin();
    expect((await get(back(state), cookie)).status).toBe(200);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from channel_connection where shop_domain = ?', [DOMAIN])).toHaveLength(1);
  });

  it('ends with a page in the language of the shop, whatever the browser speaks, and in that of the browser where the shop says none', async () => {
    for (const [locale, language, words] of [['en-US', 'zh-CN', '“沙盒店” is connected'], ['zh-CN', 'en', '接下来'], [undefined, 'zh-CN', '接下来'], [undefined, 'fr', 'Next:']] as const) {
      shop.code = 'FAKE-code';
      shop.locale = locale;
      const { cookie, state } = await begin();
      expect((await get(back(state), cookie, language)).body).toContain(words);
    }
    shop.locale = 'zh-CN';
    expect((await get(back('made-up'), '', 'zh-CN')).body).toContain('店铺未能连接');
  });

  it('works once for a state, in the browser that began it, and for its shop', async () => {
    const { cookie, state, url } = await begin();
    expect((await get(url)).status).toBe(403);
    expect((await get(back(state), 'quanyu_oauth=other')).status).toBe(403);
    expect((await get(back(state, { shop: 'other.myshoplaza.com' }), cookie)).status).toBe(403);
    expect((await get(back('made-up'), cookie)).status).toBe(403);
    expect((await get(back(state), cookie)).status).toBe(200);
    expect((await get(back(state), cookie)).status).toBe(403);
  });

  it('believes nobody but the platform, and that only for minutes', async () => {
    const { cookie, state } = await begin();
    expect((await get(back(state, {}, 'FAKE-SECRET-other'), cookie)).status).toBe(403);
    expect((await get(back(state, { timestamp: String(Math.floor(Date.now() / 1000) - 660) }), cookie)).status).toBe(403);
    expect((await get(back(state, { shop: 'evil.example.com' }), cookie)).status).toBe(400);
    expect((await get(back(state).replace('code=FAKE-code', 'code=other'), cookie)).status).toBe(403);
    expect(sandbox.requests.some(({ host }) => host.includes('evil'))).toBe(false);
  });

  it('says so where the platform does not accept its code, where there is no ticket, and where we have no app', async () => {
    const { cookie, state } = await begin();
    shop.code = null;
    expect((await get(back(state), cookie)).status).toBe(502);
    expect((await get('/oauth/install?shop=tea.myshoplaza.com')).status).toBe(400);
    expect((await get('/oauth/shopify/install?ticket=x')).status).toBe(404);
    expect(await beginInstall(ctx(), environment, { platform: 'SHOPIFY', shopDomain: 'tea.myshopify.com' })).toMatchObject({ code: 'INSTALL_NOT_POSSIBLE' });
    expect(await beginInstall(ctx(), environment, { platform: 'SHOPLAZZA', shopDomain: 'evil.example.com' })).toMatchObject({ code: 'SHOP_DOMAIN_INVALID' });
  });
});
