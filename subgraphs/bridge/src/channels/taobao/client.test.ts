import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, TaobaoShop, taobaoSandbox, type Sandbox, type TradeInput } from '@quanyu/channel-sandbox';
import { orderReceived } from '@quanyu/events';
import { Outbound } from '../../outbound/outbound.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import { toBeijing } from '../reading/beijing-time.js';
import type { OrderContext, ToldOrder } from '../channel.js';
import type { Client, PulledOrder } from '../connector.js';
import { parseJson } from '../reading/parse-json.js';
import { taobaoConnector } from './client.js';
import { toOrder } from './to-order.js';

const SECRET = 'FAKE_SECRET_quanyu_top';
const context: OrderContext = { cancelled: false, triggeredAt: null, privacy: { seal: (plain, row, field) => `sealed ${field} of ${row}: ${plain}`, index: (kind, value) => `${kind} ${value}` } };
const START = Date.UTC(2026, 2, 1, 4);
const WINDOW = { from: new Date(START), to: new Date(START + 1_800_000) };
const trade = (n: number, over: Partial<TradeInput> = {}): TradeInput => ({
  tid: `3047218903434${970 + n}123`, status: 'WAIT_SELLER_SEND_GOODS', created: '2026-03-01 11:00:00', modified: toBeijing(new Date(START + n * 1000)), payTime: '2026-03-01 11:01:00',
  postFee: '8.00', payment: '85.50',
  lines: [
    { oid: `3047218903434${970 + n}124`, sku: 'QY-MUG-WHT', title: '杯', num: 2, price: '39.90', divided: '70.00' },
    { oid: `3047218903434${970 + n}125`, sku: '', title: '赠品', num: 1, price: '7.50', divided: '7.50' },
  ],
  ...over,
});

let shop: TaobaoShop;
let sandbox: Sandbox;
let outbound: Outbound;
let client: Client;
const open = (secrets = { appSecret: SECRET, session: 'FAKE_session' }, now = () => new Date()): Client =>
  taobaoConnector.open({ account: { shopDomain: 'tea.taobao.com', settings: { appKey: '12345678' }, secrets }, line: outbound.line(JSON.stringify(secrets), { burst: 1000, perSecond: 1000 }), now });
beforeEach(async () => {
  shop = new TaobaoShop('12345678', SECRET, 'FAKE_session');
  sandbox = await startSandbox([taobaoSandbox([shop])]);
  outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
  client = open();
});
afterEach(async () => { await outbound.close(); await sandbox.close(); });

const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'none', (error: unknown) => (error as PlatformError).code);
async function pullAll(window = WINDOW): Promise<PulledOrder[]> {
  const orders: PulledOrder[] = [];
  let page: string | null = null;
  do {
    const got = await client.pullOrders!(window, page);
    orders.push(...got.orders);
    page = got.next;
  } while (page !== null);
  return orders;
}
function told(body: string): ToldOrder {
  const translated = toOrder(parseJson(Buffer.from(body)), context);
  if (translated.kind !== 'order') throw new Error(`${translated.reason} at ${translated.path}`);
  orderReceived.schema.parse({ connectionId: 'con_a', platform: 'TAOBAO', deliveryId: 'dlv_a', ...translated.data });
  return translated.data;
}

describe('Taobao', () => {
  it('is reached with a signature, a clock and a session that are right', async () => {
    await expect(client.check()).resolves.toEqual({ shopName: 'sandbox_seller', apiVersion: '2.0' });
    expect(await codeOf(open({ appSecret: 'FAKE_SECRET_other', session: 'FAKE_session' }).check())).toBe('CREDENTIALS_REFUSED');
    expect(await codeOf(open({ appSecret: SECRET, session: 'FAKE_session_over' }).check())).toBe('CREDENTIALS_REFUSED');
    expect(await codeOf(open(undefined, () => new Date(Date.now() - 11 * 60_000)).check())).toBe('REQUEST_REFUSED');
  });

  it('skips no trade when others change while its pages are read', async () => {
    for (let n = 0; n < 120; n += 1) shop.put(trade(n));
    let late = 0;
    // A trade of the first page changes now and leaves the window: all behind it move up, and whoever pages forward skips one.
    shop.betweenPages = () => { late += 1; shop.put(trade(119 - late, { modified: toBeijing(new Date(START + 2_000_000 + late * 1000)) })); };
    const pulled = await pullAll();
    shop.betweenPages = null;
    const next = await pullAll({ from: WINDOW.to, to: new Date(START + 3_600_000) });
    expect(new Set([...pulled, ...next].map(({ externalOrderId }) => externalOrderId)).size).toBe(120);
    expect(next).toHaveLength(3);
    expect(await client.pullOrders!({ from: new Date(START - 7_200_000), to: new Date(START - 3_600_000) }, null)).toEqual({ orders: [], next: null });
  });

  it('tells a trade with ids that no float holds, exact sums, and people as masked as it came', async () => {
    shop.put(trade(1));
    const [pulled] = await pullAll();
    const order = told(pulled!.body);
    expect(order).toMatchObject({
      externalOrderId: '3047218903434971123', placedAt: '2026-03-01T03:00:00.000Z', updatedAt: '2026-03-01T04:00:01.000Z', paymentState: 'PAID', cancelledAt: null, rawStatus: 'wait_seller_send_goods',
      amounts: { currency: 'CNY', itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, taxMinor: 0, taxesIncluded: true, totalMinor: 8550 },
      lines: [
        { externalLineId: '3047218903434971124', externalSku: 'QY-MUG-WHT', quantity: 2, unitPriceMinor: 3990, discountMinor: 980 },
        { externalLineId: '3047218903434971125', externalSku: 'variant:5100000000000001', quantity: 1, unitPriceMinor: 750, discountMinor: 0 },
      ],
      customer: { externalId: 'AAFakeBuyer0001', phoneIndex: null, emailIndex: null },
    });
    expect(order.amounts.itemsMinor - order.amounts.discountMinor + order.amounts.shippingMinor).toBe(order.amounts.totalMinor);
    expect(order.sealedShipTo).toContain('"name":"张**"');
    expect(await client.getOrder!('3047218903434971123')).toEqual(pulled);
    expect(await client.getOrder!('1')).toBeNull();
  });

  it.each([
    ['TRADE_NO_CREATE_PAY', {}, 'PENDING', false], ['WAIT_BUYER_PAY', {}, 'PENDING', false], ['PAY_PENDING', {}, 'PENDING', false], ['WAIT_PRE_AUTH_CONFIRM', {}, 'PENDING', false],
    ['WAIT_SELLER_SEND_GOODS', {}, 'PAID', false], ['SELLER_CONSIGNED_PART', {}, 'PAID', false], ['WAIT_BUYER_CONFIRM_GOODS', {}, 'PAID', false], ['TRADE_BUYER_SIGNED', {}, 'PAID', false],
    ['TRADE_FINISHED', {}, 'PAID', false], ['TRADE_CLOSED', {}, 'REFUNDED', true], ['TRADE_CLOSED', { payTime: undefined }, 'VOIDED', true], ['TRADE_CLOSED_BY_TAOBAO', {}, 'VOIDED', true], ['A_NEW_WORD', {}, 'PENDING', false],
  ])('%s %j is %s', async (status, over, paymentState, cancelled) => {
    shop.put(trade(1, { status, ...over }));
    const order = told((await client.getOrder!('3047218903434971123'))!.body);
    expect([order.paymentState, order.cancelledAt !== null]).toEqual([paymentState, cancelled]);
  });

  it('refuses what is no trade, and says where', () => {
    expect(toOrder({}, context)).toMatchObject({ kind: 'refused', path: 'tid' });
    expect(toOrder({ tid: '1', status: 'TRADE_FINISHED', modified: '2026-03-01 11:00:00', payment: '1.999', orders: { order: [] } }, context)).toMatchObject({ path: 'payment' });
    expect(toOrder({ tid: '1', status: 'TRADE_FINISHED', modified: '2026-03-01 11:00:00', payment: '1', orders: { order: [] } }, context)).toMatchObject({ reason: 'NO_LINES' });
    expect(toOrder({ tid: '1', status: 'TRADE_FINISHED', payment: '1', orders: { order: [] } }, context)).toMatchObject({ path: 'modified' });
  });

  it('writes a parcel once and knows it again', async () => {
    shop.put(trade(1));
    const parcel = { externalOrderId: '3047218903434971123', trackingNumber: 'SF0000000000001', carrier: 'SF', trackingUrl: null, lines: null };
    expect([await client.pushTracking!(parcel), await client.pushTracking!(parcel)]).toEqual(['WRITTEN', 'ALREADY_THERE']);
    expect(shop.parcelsOf('3047218903434971123')).toEqual(['SF0000000000001']);
    expect(await codeOf(client.pushTracking!({ ...parcel, externalOrderId: '404' }))).toBe('REQUEST_REFUSED');
  });

  it('sets stock in every offer of an SKU', async () => {
    for (const quantity of [5, 6]) shop.offer('QY-MUG-WHT', quantity);
    expect(await client.setStock!([{ externalSku: 'QY-MUG-WHT', quantity: 3, expected: null }, { externalSku: 'gone', quantity: 1, expected: null }]))
      .toEqual([{ externalSku: 'QY-MUG-WHT', result: 'SET' }, { externalSku: 'gone', result: 'UNKNOWN_SKU' }]);
    expect(shop.quantitiesOf('QY-MUG-WHT')).toEqual([3, 3]);
  });

  it('waits where it is limited, and gives up where it is wrong', async () => {
    shop.throttled = 1;
    expect(await codeOf(client.check())).toBe('none');
    sandbox.fail('taobao', { status: 200, body: 'oops' });
    expect(await codeOf(client.check())).toBe('ANSWER_INVALID');
    sandbox.fail('taobao', { status: 200, body: '{"error_response":{"code":15,"sub_code":"isp.top-remote-connection-timeout"}}' }, 1);
    expect(await codeOf(client.check())).toBe('none');
  });
});
