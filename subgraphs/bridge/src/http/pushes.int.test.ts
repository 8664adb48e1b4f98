import { createHash, createHmac, sign as rsaSign } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePayment, fetchOpenOrders, readOrdersAgain, refundPayment, startPayment, type CallHandler } from '@quanyu/calls';
import { STAGES, startSandbox, testKeys, WechatMerchant, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import express from 'express';
import { checkWebhooks } from '../commands/check-webhooks.js';
import { openShop } from '../commands/open-shop.js';
import { processDelivery } from '../commands/process-delivery.js';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { bridge } from '../subgraph.js';
import { calls } from './calls.js';

let subgraph: TestSubgraph;
let server: Server;
let sandbox: Sandbox;
let shops: Shops;
let handlers: ReadonlyMap<string, CallHandler>;
let count = 0;

beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  const app = express();
  bridge.http!(app, subgraph.deps);
  server = await new Promise((resolve) => { const listening = app.listen(0, '127.0.0.1', () => resolve(listening)); });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await subgraph.close();
});
beforeEach(() => { count += 1; });
afterEach(async () => { await shops.close(); await sandbox.close(); });

const SECRET = 'FAKE_SECRET_of_the_endpoint';

/** A shop that is connected, with its key filled in; gives its path and id. */
async function connect(platform: string, stage: Stage): Promise<{ readonly id: string; readonly path: string }> {
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  handlers = new Map(calls(subgraph.deps, shops, channelEnvironment({ PUBLIC_URL: 'https://shop.example.com' })).map((handler) => [handler.name, handler]));
  const domain = stage.shopDomain!;
  const { data } = await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } webhookPath userErrors { code } } }', { input: { platform, name: platform, shopDomain: domain.replace(/\d{2}$/, String(10 + count)), webhookSecret: SECRET, idempotencyKey: `${platform}-${count}` } });
  const { channel: { id }, webhookPath: path } = data!['connectChannel'];
  const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
  expect((await subgraph.ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }', { input: { channelId: id, fields } })).data!['setChannelAccount'].userErrors).toEqual([]);
  return { id, path };
}
async function post(path: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.status, body: await answer.text() };
}
const deliveries = (id: string): Promise<{ id: string; topic: string; state: string; reason_code: string | null }[]> => subgraph.rows(TEST_TENANT, 'select id, topic, state, reason_code from delivery where connection_id = ? order by id', [id]);
const workOff = async (id: string): Promise<void> => { for (const { id: deliveryId } of await deliveries(id)) await processDelivery(subgraph.deps, { tenantId: TEST_TENANT, deliveryId }, shops); };
const orders = async (id: string): Promise<Json[]> => (await subgraph.recorded('bridge.order-received.v1')).filter(({ data }) => data.connectionId === id).map(({ data }) => data);
const payments = async (paymentId: string): Promise<Json[]> => (await subgraph.recorded('bridge.payment-notified.v1')).filter(({ data }) => data.paymentId === paymentId).map(({ data: { outcome, amountMinor, currency } }) => ({ outcome, amountMinor, currency }));
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any call, of any input
const call = (definition: { readonly name: string }, input: object): Promise<any> => handlers.get(definition.name)!.handle(input);

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

describe('a push that says where to look', () => {
  it('of Douyin leads to the order as the platform tells it, once', async () => {
    const stage = STAGES['DOUYIN']!();
    const { id, path } = await connect('DOUYIN', stage);
    const order = stage.order!(count, new Date(Math.floor(Date.now() / 1000) * 1000));
    const body = `[{"tag":"101","msg_id":"m-${count}","data":"{\\"p_id\\":${order},\\"shop_id\\":77977}"},{"tag":"0","msg_id":"n-${count}","data":"{}"}]`;
    const headers = { 'app-id': stage.settings['appKey']!, 'event-sign': md5(`${stage.settings['appKey']}${body}${stage.secrets['appSecret']}`) };
    expect(await post(path, body, headers)).toEqual({ status: 200, body: '{"code":0,"msg":"success"}' });
    expect((await post(path, body, headers)).status).toBe(200);
    expect((await post(path, body.replace('101', '102'), headers)).status).toBe(401);
    await workOff(id);
    await workOff(id);
    expect(await deliveries(id)).toMatchObject([{ topic: 'pushed', state: 'DONE' }, { topic: 'pulled/order', state: 'DONE' }]);
    expect(await orders(id)).toMatchObject([{ externalOrderId: order, paymentState: 'PAID' }]);
  });

  it('of Xiaohongshu is not believed in a word, and not taken when it is old', async () => {
    const stage = STAGES['XIAOHONGSHU']!();
    const { id, path } = await connect('XIAOHONGSHU', stage);
    const order = stage.order!(count, new Date());
    const body = JSON.stringify([{ msgTag: 'msg_fulfillment_status_change', sellerId: 'x', data: JSON.stringify({ orderId: order, orderStatus: 9 }) }]);
    const headers = (seconds: number): Record<string, string> => ({ 'app-key': 'fakeapp', timestamp: String(seconds), sign: md5(`${path}?app-key=fakeapp&timestamp=${seconds}${stage.secrets['appSecret']}`) });
    const now = Math.floor(Date.now() / 1000);
    expect(await post(path, body, headers(now))).toEqual({ status: 200, body: '{"success":true,"error_code":0,"error_msg":""}' });
    for (const late of [now - 660, now + 660]) expect((await post(path, body, headers(late))).status).toBe(401);
    await workOff(id);
    await workOff(id);
    expect(await orders(id)).toMatchObject([{ externalOrderId: order, paymentState: 'PAID', cancelledAt: null }]);
  });

  it('of ShipStation v2 is signed by a key that ShipStation hands out, and has its parcels read now', async () => {
    const stage = STAGES['SHIPSTATION_V2']!();
    const { id, path } = await connect('SHIPSTATION_V2', stage);
    const { externalOrderId } = await (await openShop(subgraph.deps, shops, { tenantId: TEST_TENANT, connectionId: id }))!.client.pushOrder!({
      sourceId: 'ord_01fake', platform: 'TAOBAO', externalOrderId: '1', orderNumber: 'T-1', placedAt: new Date(), currency: 'CNY', lines: [], discountMinor: 0, shippingMinor: 0, taxMinor: 0, totalMinor: 1,
      shipTo: { name: null, phone: null, address1: null, address2: null, city: null, province: null, postalCode: null, countryCode: null },
    });
    const { headers, body } = stage.notice!(stage.ship!(externalOrderId, 'SF1', new Date()));
    // Nobody has fetched its keys yet.
    expect((await post(path, body, headers)).status).toBe(401);
    await checkWebhooks(subgraph.deps, shops, 'https://shop.example.com', { tenantId: TEST_TENANT, connectionId: id });
    const old = headers['x-shipengine-timestamp']!.replace(/^\d{4}/, '2025');
    const statuses = [];
    for (const [sent, over] of [[body, {}], [`${body} `, {}], [body, { 'x-shipengine-timestamp': old }], [body, { 'x-shipengine-rsa-sha256-key-id': 'EC-KID' }], [body, { 'x-shipengine-rsa-sha256-signature': '' }]] as const) statuses.push((await post(path, sent, { ...headers, ...over })).status);
    expect(statuses).toEqual([200, 401, 401, 401, 401]);
    expect(await deliveries(id)).toMatchObject([{ state: 'VERIFIED' }]);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update sync_stream set next_at = app_now() + interval '4 minutes' where connection_id = ?", [id]));
    await workOff(id);
    expect(await subgraph.rows(TEST_TENANT, "select next_at <= app_now() as now from sync_stream where connection_id = ? and stream = 'PARCELS'", [id])).toEqual([{ now: true }]);
  });

  it('waits for a platform that does not answer, and is worked on then', async () => {
    const stage = STAGES['DOUYIN']!();
    const { id, path } = await connect('DOUYIN', stage);
    const order = stage.order!(count, new Date());
    const body = `[{"tag":"101","msg_id":"w-${count}","data":"{\\"p_id\\":\\"${order}\\"}"}]`;
    await post(path, body, { 'app-id': stage.settings['appKey']!, 'event-sign': md5(`${stage.settings['appKey']}${body}${stage.secrets['appSecret']}`) });
    sandbox.fail('douyin', 'DOWN');
    await expect(workOff(id)).rejects.toMatchObject({ code: 'PLATFORM_DOWN' });
    expect(await deliveries(id)).toMatchObject([{ state: 'FAILED' }]);
    sandbox.heal('douyin');
    await workOff(id);
    await workOff(id);
    expect(await orders(id)).toHaveLength(1);
  });
});

describe('webhooks that ended', () => {
  it('are worked on once more by outcome, range and reason, each channel for itself', async () => {
    const stage = STAGES['DOUYIN']!();
    const { id, path } = await connect('DOUYIN', stage);
    for (const n of [1, 2, 3]) {
      const body = n === 3 ? '{"not":"a list"}' : `[{"tag":"0","msg_id":"r-${count}-${n}","data":"{}"}]`;
      await post(path, body, { 'app-id': stage.settings['appKey']!, 'event-sign': md5(`${stage.settings['appKey']}${body}${stage.secrets['appSecret']}`) });
    }
    await workOff(id);
    expect((await deliveries(id)).map(({ state, reason_code: reason }) => [state, reason])).toEqual([['IGNORED', 'NOTHING_OF_OURS'], ['IGNORED', 'NOTHING_OF_OURS'], ['DEAD', 'BODY_NOT_READABLE']]);
    const replay = async (input: object, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask('mutation($input: ReplayDeliveriesInput!) { replayDeliveries(input: $input) { count more userErrors { code } } }', { input: { channelId: id, ...input } }, viewer)).data!['replayDeliveries'];
    expect(await replay({ states: ['DEAD'], reason: 'GAVE_UP' })).toEqual({ count: 0, more: false, userErrors: [] });
    expect(await replay({ states: ['DEAD', 'IGNORED'], to: new Date(Date.now() - 3_600_000).toISOString() })).toMatchObject({ count: 0 });
    expect(await replay({ states: ['IGNORED'], from: new Date(Date.now() - 3_600_000).toISOString() })).toMatchObject({ count: 2 });
    expect(await replay({})).toMatchObject({ count: 1 });
    expect((await deliveries(id)).map(({ state }) => state)).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED']);
    expect(await replay({ states: [] })).toMatchObject({ userErrors: [{ code: 'FILTER_EMPTY' }] });
    expect(await replay({}, staffOf('ten_00000000000000000000000002', { channels: [] }))).toMatchObject({ userErrors: [{ code: 'CHANNEL_NOT_FOUND' }] });
  });
});

describe('a payment', () => {
  const input = (id: string, provider: string, paymentId: string) => ({ tenantId: TEST_TENANT, paymentId, connectionId: id, provider, amountMinor: 8550, currency: 'CNY' });
  const begin = (id: string, provider: string, paymentId: string) => call(startPayment, { ...input(id, provider, paymentId), orderNumber: '1', description: '茶杯', payerId: 'oFAKEOPENID', expiresAt: new Date(Date.now() + 900_000).toISOString() });

  it('with WeChat is begun, told of by a sealed notice, given back, and never told by a forged one', async () => {
    const stage = STAGES['WECHAT']!();
    const { id, path } = await connect('WECHAT', stage);
    const paymentId = `pay_wechat${String(count).padStart(16, '0')}`;
    const started = await begin(id, 'WECHAT_PAY', paymentId);
    expect(started).toMatchObject({ kind: 'started', client: { signType: 'RSA', package: `prepay_id=wx_${paymentId}` } });
    expect(sandbox.requests.some(({ body }) => body.toString().includes(`"notify_url":"https://shop.example.com${path}"`))).toBe(true);
    stage.pay!(paymentId);
    const { appId, mchid, serialNo, platformSerial } = stage.settings as Record<'appId' | 'mchid' | 'serialNo' | 'platformSerial', string>;
    const notifier = new WechatMerchant({ appId, appSecret: '', mchid, serialNo, platformSerial, apiV3Key: stage.secrets['apiV3Key']!, merchant: testKeys('wechat merchant'), platform: testKeys('wechat platform') });
    notifier.store.begin(paymentId, '4200001', 8550, 'CNY', 'oFAKEOPENID');
    notifier.store.pay(paymentId);
    const { headers, body } = notifier.notification(paymentId, Date.now());
    expect((await post(path, body, headers)).status).toBe(200);
    expect((await post(path, body.replace('SUCCESS', 'SUCCES5'), headers)).status).toBe(401);
    expect((await post(path, body, { ...headers, 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/probe' })).status).toBe(401);
    const late = notifier.notification(paymentId, Date.now() - 11 * 60_000);
    expect((await post(path, late.body, late.headers)).status).toBe(401);
    await workOff(id);
    expect(await payments(paymentId)).toEqual([{ outcome: 'PAID', amountMinor: 8550, currency: 'CNY' }]);
    expect(await call(closePayment, input(id, 'WECHAT_PAY', paymentId))).toMatchObject({ kind: 'paid', amountMinor: 8550 });
    const refund = { ...input(id, 'WECHAT_PAY', paymentId), refundId: `rfd_${count}`, amountMinor: 550, paidMinor: 8550, reason: 'RETURN' };
    expect([await call(refundPayment, refund), await call(refundPayment, refund)]).toEqual([{ kind: 'pending' }, { kind: 'pending' }]);
    expect(stage.refundsOf!(paymentId)).toEqual({ [`rfd_${count}`]: 550 });
  });

  it('with Alipay is told of by a signed form and ended before anybody makes it', async () => {
    const stage = STAGES['ALIPAY']!();
    const { id, path } = await connect('ALIPAY', stage);
    const paymentId = `pay_alipay${count}`;
    expect(await begin(id, 'ALIPAY', paymentId)).toMatchObject({ kind: 'started' });
    stage.pay!(paymentId);
    const form: Record<string, string> = { app_id: stage.settings['appId']!, notify_id: `ntf${count}`, out_trade_no: paymentId, total_amount: '85.50', trade_status: 'TRADE_SUCCESS' };
    const text = Object.keys(form).sort().map((name) => `${name}=${form[name]}`).join('&');
    const signed = { ...form, sign_type: 'RSA2', sign: rsaSign('sha256', Buffer.from(text), testKeys('alipay platform').privateKey).toString('base64') };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await post(path, new URLSearchParams(signed).toString(), headers)).toEqual({ status: 200, body: 'success' });
    expect((await post(path, new URLSearchParams({ ...signed, total_amount: '0.01' }).toString(), headers)).status).toBe(401);
    await workOff(id);
    expect(await payments(paymentId)).toEqual([{ outcome: 'PAID', amountMinor: 8550, currency: 'CNY' }]);
    const second = `pay_alipay${count}b`;
    await begin(id, 'ALIPAY', second);
    expect(await call(closePayment, input(id, 'ALIPAY', second))).toEqual({ kind: 'closed' });
  });

  it('with Stripe is told of by a signed event, late ones refused', async () => {
    const stage = STAGES['STRIPE']!();
    const { id, path } = await connect('STRIPE', { ...stage, shopDomain: 'acct_1FAKEquanyu99' });
    const paymentId = `pay_stripe${count}`;
    expect(await begin(id, 'STRIPE', paymentId)).toMatchObject({ kind: 'started', client: { clientSecret: expect.any(String) } });
    stage.pay!(paymentId);
    const body = JSON.stringify({ id: `evt_${count}`, type: 'payment_intent.succeeded', data: { object: { metadata: { payment_id: paymentId } } } });
    const header = (at: number): string => `t=${at},v1=${createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex')}`;
    const now = Math.floor(Date.now() / 1000);
    expect((await post(path, body, { 'stripe-signature': header(now) })).status).toBe(200);
    expect((await post(path, body, { 'stripe-signature': header(now - 400) })).status).toBe(401);
    await workOff(id);
    expect(await payments(paymentId)).toEqual([{ outcome: 'PAID', amountMinor: 8550, currency: 'CNY' }]);
  });

  it('is refused in a short code where nobody has connected its platform, and for now where it is down', async () => {
    const stage = STAGES['ALIPAY']!();
    const { id } = await connect('ALIPAY', stage);
    expect(await begin(id, 'UNIONPAY', 'pay_x')).toEqual({ kind: 'refused', code: 'PROVIDER_NOT_CONNECTED', retryable: false });
    sandbox.fail('alipay', 'DOWN');
    expect(await begin(id, 'ALIPAY', 'pay_y')).toEqual({ kind: 'refused', code: 'PLATFORM_DOWN', retryable: true });
  });
});

describe('what orders asks of a shop', () => {
  it('is told which orders are open, page by page, and has them read again', async () => {
    const stage = STAGES['DOUYIN']!();
    const { id } = await connect('DOUYIN', stage);
    const ids = Array.from({ length: 120 }, (_, n) => stage.order!(n, new Date(Date.now() - 3_600_000 - n * 60_000)));
    const found: string[] = [];
    let after: string | null = null;
    do {
      const page: { orders: { externalOrderId: string }[]; next: string | null } = await call(fetchOpenOrders, { tenantId: TEST_TENANT, connectionId: id, changedBefore: new Date(Date.now() - 900_000).toISOString(), after });
      found.push(...page.orders.map(({ externalOrderId }) => externalOrderId));
      after = page.next;
    } while (after !== null);
    expect(new Set(found)).toEqual(new Set(ids));
    const again = { tenantId: TEST_TENANT, connectionId: id, externalOrderIds: [ids[0]!, ids[1]!, '404'] };
    expect([await call(readOrdersAgain, again), await call(readOrdersAgain, again)]).toEqual([{ asked: 2 }, { asked: 0 }]);
    await workOff(id);
    expect(new Set((await orders(id)).map(({ externalOrderId }) => externalOrderId))).toEqual(new Set([ids[0], ids[1]]));
  });
});
