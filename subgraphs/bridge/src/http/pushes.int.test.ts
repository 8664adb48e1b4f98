import { createHash, createHmac, sign as rsaSign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePayment, fetchOpenOrders, readOrdersAgain, refundPayment, startPayment, type CallHandler } from '@quanyu/calls';
import { STAGES, startSandbox, testKeys, unionpayStage, WechatMerchant, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { orderShipped } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { connectChannel, type ConnectedChannel, openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { checkWebhooks } from '../commands/connections/check-webhooks.js';
import { openShop } from '../commands/connections/open-shop.js';
import { processWaiting } from '../commands/deliveries/process-delivery.js';
import { pushParcel } from '../commands/outgoing/push-parcel.js';
import { readListing } from '../commands/sync/read-listing.js';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { dueParcels } from '../queries/due-parcels.js';
import { bridge } from '../subgraph.js';
import { calls } from './calls.js';

let subgraph: TestSubgraph;
let door: string;
let sandbox: Sandbox;
let shops: Shops;
let handlers: ReadonlyMap<string, CallHandler>;
let count = 0;

beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());
beforeEach(() => { count += 1; });
afterEach(async () => { await shops.close(); await sandbox.close(); });

const SECRET = 'FAKE_SECRET_of_the_endpoint';

/** A shop that is connected, with its key filled in; gives its path and id. */
async function connect(platform: string, stage: Stage): Promise<ConnectedChannel> {
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  handlers = new Map(calls(subgraph.deps, shops, channelEnvironment({ PUBLIC_URL: 'https://shop.example.com' })).map((handler) => [handler.name, handler]));
  const domain = stage.shopDomain!;
  return connectChannel(subgraph, { platform, shopDomain: domain.replace(/\d{2}$/, String(10 + count)), webhookSecret: SECRET, idempotencyKey: `${platform}-${count}` }, stage);
}
async function post(path: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  const answer = await fetch(door + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.status, body: await answer.text() };
}
const deliveries = (id: string): Promise<{ id: string; topic: string; state: string; reason_code: string | null }[]> => subgraph.rows(TEST_TENANT, 'select id, topic, state, reason_code from delivery where connection_id = ? order by id', [id]);
const workOff = async (id: string): Promise<void> => { for (const { id: deliveryId } of await deliveries(id)) await processWaiting(subgraph.deps, { tenantId: TEST_TENANT, connectionId: id, deliveryId }, shops); };
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

  it.each(['DOUYIN', 'XIAOHONGSHU'])('of %s that tells of goods has what changed read now, and what ended ends here', async (platform) => {
    const stage = STAGES[platform]!();
    const { id, path } = await connect(platform, stage);
    const ref = { tenantId: TEST_TENANT, connectionId: id };
    const products = async (): Promise<Json[]> => (await subgraph.recorded('bridge.channel-product-told.v1')).map(({ data }) => data).filter(({ connectionId }) => connectionId === id);
    const push = async (n: number): Promise<void> => {
      const goods = stage.listed!()[0]!;
      const [douyin, ark] = [`[{"tag":"400","msg_id":"g-${count}-${n}","data":"{\\"product_id\\":${goods},\\"event\\":11,\\"shop_id\\":77977}"}]`, JSON.stringify([{ msgTag: 'msg_sku_buyable', sellerId: 'x', data: JSON.stringify({ itemId: goods, skuId: `${n}`, buyable: true }) }])];
      const now = Math.floor(Date.now() / 1000);
      const answer = platform === 'DOUYIN'
        ? await post(path, douyin, { 'app-id': stage.settings['appKey']!, 'event-sign': md5(`${stage.settings['appKey']}${douyin}${stage.secrets['appSecret']}`) })
        : await post(path, ark, { 'app-key': 'fakeapp', timestamp: String(now), sign: md5(`${path}?app-key=fakeapp&timestamp=${now}${stage.secrets['appSecret']}`) });
      expect(answer.status).toBe(200);
      await workOff(id);
      await readListing(subgraph.deps, shops, ref, 'GOODS');
    };
    stage.fill!(3, 0);
    await readListing(subgraph.deps, shops, ref, 'GOODS');
    expect((await products()).filter(({ part }) => part === 1)).toHaveLength(3);
    // Not due for an hour, were it not for the push.
    await readListing(subgraph.deps, shops, ref, 'GOODS');
    stage.edit!(2);
    await push(1);
    expect((await products()).at(-1)).toMatchObject({ externalProductId: stage.listed!()[2], product: { title: 'Edited 2' }, removed: false });
    const [, second] = stage.listed!();
    stage.unlist!(1);
    await push(2);
    if (platform === 'DOUYIN') expect((await products()).at(-1)).toMatchObject({ externalProductId: second, removed: true });
    expect(await deliveries(id)).toMatchObject([{ topic: 'pushed', state: 'DONE' }, { topic: 'pushed', state: 'DONE' }]);
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

  it('with WeChat is told that what was paid for has been sent, parcel by parcel, once each, whatever is lost', async () => {
    const stage = STAGES['WECHAT']!();
    await connect('WECHAT', stage);
    const [own, orderId, paymentId] = [newId('con'), newId('ord'), `pay_sent${String(count).padStart(16, '0')}`];
    await begin(own, 'WECHAT_PAY', paymentId);
    stage.pay!(paymentId);
    const sent = async (trackingNumber: string, complete: boolean, over: object = {}): Promise<void> => {
      const parcelId = newId('prl');
      const sealedContact = subgraph.deps.vault.seal('+86-138****0001', { tenantId: TEST_TENANT, row: parcelId, field: 'contact' });
      const event = await subgraph.deliver(orderShipped({ tenantId: TEST_TENANT, sequence: 1, data: {
        orderId, connectionId: own, parcelId, externalOrderId: 'ours', by: 'US', carrier: 'SF', trackingNumber, lines: [{ lineId: 'lin_1', externalLineId: '1', skuId: newId('sku'), quantity: 1 }],
        payments: [{ paymentId, provider: 'WECHAT_PAY' }], sealedContact, complete, shippedAt: new Date().toISOString(), confirmedAt: null, ...over,
      } }));
      await subgraph.redeliver(event);
    };
    const pushDue = async (): Promise<void> => { for (const ref of await dueParcels(subgraph.deps.database)) await Promise.all([1, 2].map(() => pushParcel(subgraph.deps, shops, ref))); };
    const told = (): string[] => stage.parcelsOf!(paymentId).map(({ number }) => number);
    await sent('SF0001', false);
    await sent('SF0001', false);
    // WeChat has taken it, and its answer is lost.
    sandbox.fail('wechat', { loseWhen: () => told().length > 0 });
    await pushDue();
    sandbox.heal('wechat');
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update parcel_push set next_at = app_now(), leased_until = null where order_id = ? and state = 'DUE'", [orderId]));
    await pushDue();
    expect(told()).toEqual(['SF0001']);
    await sent('SF0002', true);
    await pushDue();
    await pushDue();
    expect(told()).toEqual(['SF0001', 'SF0002']);
    const uploads = sandbox.requests.filter(({ path }) => path === '/wxa/sec/order/upload_shipping_info').map(({ body }) => JSON.parse(body.toString()) as Json);
    expect(uploads.map(({ delivery_mode: mode, is_all_delivered: last, order_key: key }) => [mode, last, key.out_trade_no])).toEqual([[2, false, paymentId], [2, true, paymentId]]);
    expect(uploads[0].shipping_list[0].contact).toEqual({ receiver_contact: '+86-138****0001' });
    expect(await subgraph.rows(TEST_TENANT, 'select state from parcel_push where order_id = ? order by id', [orderId])).toEqual([{ state: expect.stringMatching(/WRITTEN|ALREADY_THERE/) }, { state: 'WRITTEN' }]);
    expect((await subgraph.recorded('bridge.tracking-written.v1')).filter(({ data }) => data.orderId === orderId)).toHaveLength(2);
    // An order that was paid elsewhere tells nobody.
    await sent('SF0003', true, { payments: [] });
    expect(await dueParcels(subgraph.deps.database)).toEqual([]);
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

  it('with UnionPay is begun, told of by a form that brings its certificate, given back under a time that stays, and never told by a forged one', async () => {
    const stage = unionpayStage();
    const { id, path } = await connect('UNIONPAY', stage);
    const paymentId = newId('pay');
    const started = await begin(id, 'UNIONPAY', paymentId);
    expect(started).toEqual({ kind: 'started', providerReference: null, client: { tn: expect.stringMatching(/^\d{22}$/) } });
    expect(await begin(id, 'UNIONPAY', paymentId)).toEqual(started);
    const sent = Object.fromEntries(new URLSearchParams(sandbox.requests.at(-1)!.body.toString()));
    expect(sent).toMatchObject({ txnType: '01', txnAmt: '8550', currencyCode: '156', orderId: paymentId.replace('_', ''), backUrl: `https://shop.example.com${path}`, orderDesc: '茶杯' });
    expect(await call(startPayment, { ...input(id, 'UNIONPAY', newId('pay')), currency: 'USD', orderNumber: '1', description: 'tea', payerId: null, expiresAt: new Date(Date.now() + 900_000).toISOString() })).toEqual({ kind: 'refused', code: 'CURRENCY', retryable: false });
    // Nobody can end it before its time: whoever asks, asks again.
    const closing = { ...input(id, 'UNIONPAY', paymentId), expiresAt: new Date(Date.now() + 900_000).toISOString() };
    expect(await call(closePayment, closing)).toEqual({ kind: 'refused', code: 'STILL_OPEN', retryable: true });
    const number = paymentId.replace('_', '');
    const form = stage.merchant.notification(number);
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    // A notification that says so is not what makes it paid: UnionPay is asked.
    expect(await post(path, form, headers)).toEqual({ status: 200, body: 'ok' });
    await workOff(id);
    expect(await payments(paymentId)).toEqual([]);
    stage.pay!(paymentId);
    const paid = stage.merchant.notification(number, { traceNo: '000002', queryId: '931000000000000000077' });
    for (const _time of [1, 2]) expect((await post(path, paid, headers)).status).toBe(200);
    expect((await post(path, paid.replace('txnAmt=8550', 'txnAmt=1'), headers)).status).toBe(401);
    expect((await post(path, paid.replace(/&signature=[^&]*/, ''), headers)).status).toBe(401);
    stage.merchant.forging = true;
    expect((await post(path, stage.merchant.notification(number, { queryId: '931000000000000000078' }), headers)).status).toBe(401);
    stage.merchant.forging = false;
    await workOff(id);
    expect(await payments(paymentId)).toEqual([{ outcome: 'PAID', amountMinor: 8550, currency: 'CNY' }]);
    expect(await call(closePayment, { ...closing, expiresAt: new Date(Date.now() - 60_000).toISOString() })).toMatchObject({ kind: 'paid', amountMinor: 8550 });
    const refund = { ...input(id, 'UNIONPAY', paymentId), refundId: newId('rfd'), amountMinor: 550, paidMinor: 8550, reason: 'RETURN', askedAt: new Date(Date.now() - 60_000).toISOString() };
    stage.merchant.slowRefunds = true;
    expect([await call(refundPayment, refund), await call(refundPayment, refund)]).toEqual([{ kind: 'pending' }, { kind: 'pending' }]);
    expect(stage.refundsOf!(paymentId)).toEqual({ [refund.refundId]: 550 });
    expect(await call(refundPayment, { ...refund, refundId: newId('rfd'), amountMinor: 8001 })).toEqual({ kind: 'refused', code: '36', retryable: false });
    // UnionPay takes no number with a second of long ago: a person decides.
    expect(await call(refundPayment, { ...refund, refundId: newId('rfd'), askedAt: new Date(Date.now() - 86_400_000).toISOString() })).toEqual({ kind: 'refused', code: '39', retryable: false });
    const health = await openShop(subgraph.deps, shops, { tenantId: TEST_TENANT, connectionId: id });
    expect(await health!.client.check()).toMatchObject({ apiVersion: '5.1.0' });
  });

  it('with UnionPay ends at its time, and one that was never made is over then', async () => {
    const { id } = await connect('UNIONPAY', unionpayStage());
    const paymentId = newId('pay');
    await begin(id, 'UNIONPAY', paymentId);
    expect(await call(closePayment, { ...input(id, 'UNIONPAY', paymentId), expiresAt: new Date(Date.now() - 2_000).toISOString() })).toEqual({ kind: 'closed' });
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
    expect(await call(startPayment, { ...input(id, 'UNIONPAY', newId('pay')), tenantId: 'ten_00000000000000000000000002', orderNumber: '1', description: '茶杯', payerId: null, expiresAt: new Date().toISOString() })).toEqual({ kind: 'refused', code: 'PROVIDER_NOT_CONNECTED', retryable: false });
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
