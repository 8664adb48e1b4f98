import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ShopifyShop, shopifyOrder, shopifySandbox, startSandbox, type Sandbox, type ShopifyOrderInput } from '@quanyu/channel-sandbox';
import { Outbound } from '../../outbound/outbound.js';
import type { PlatformError } from '../../outbound/platform-error.js';
import type { OrderContext, Translated } from '../channel.js';
import type { Client, PulledOrder } from '../connector.js';
import { parseJson } from '../reading/parse-json.js';
import { shopifyConnector } from './client.js';
import { toOrder } from './to-order.js';

const DOMAIN = 'quanyu-demo.myshopify.com';
const TOKEN = 'shpat_FAKE_token';
const context: OrderContext = {
  cancelled: false, triggeredAt: null,
  privacy: { seal: (plain, row, field) => `sealed ${field} of ${row}: ${plain}`, index: (kind, value) => `${kind} ${value}` },
};
const order = (id: number, updatedAt: string, over: Partial<ShopifyOrderInput> = {}): ShopifyOrderInput => ({
  id, number: 1000 + (id % 1000), currency: 'USD', createdAt: '2026-03-01T10:00:00Z', updatedAt, financialStatus: 'paid',
  customer: { id: 77, firstName: 'Test', lastName: 'Buyer', email: 'buyer@example.com', phone: '+12175550123' },
  shippingAddress: { firstName: 'Test', lastName: 'Buyer', address1: '1 Example Road', city: 'Springfield', province: 'Illinois', provinceCode: 'IL', country: 'United States', countryCode: 'US', zip: '00000', phone: '+12175550123' },
  lines: [{ sku: 'QY-MUG-WHT', title: 'Mug', quantity: 2, price: '20.00' }, { sku: 'QY-TEA-250', title: 'Tea', quantity: 1, price: '15.50' }],
  ...over,
} as ShopifyOrderInput);

let shop: ShopifyShop;
let sandbox: Sandbox;
let outbound: Outbound;
let client: Client;
const open = (secrets = { accessToken: TOKEN }, settings = { apiVersion: '2025-01', locationId: '1' }): Client =>
  shopifyConnector.open({ account: { shopDomain: DOMAIN, settings, secrets }, line: outbound.line(JSON.stringify([secrets, settings]), shopifyConnector.rate), now: () => new Date() });

beforeEach(async () => {
  shop = new ShopifyShop(DOMAIN, TOKEN);
  sandbox = await startSandbox([shopifySandbox([shop])]);
  outbound = new Outbound({ via: sandbox.url, backoffMs: 1 });
  client = open();
});
afterEach(async () => { await outbound.close(); await sandbox.close(); });

const WINDOW = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
async function pullAll(): Promise<PulledOrder[]> {
  const orders: PulledOrder[] = [];
  for (let page: string | null = null, more = true; more;) {
    const got = await client.pullOrders!(WINDOW, page);
    orders.push(...got.orders);
    page = got.next;
    more = page !== null;
  }
  return orders;
}
const codeOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'none', (error: unknown) => (error as PlatformError).code);
const told = (translated: Translated) => (translated.kind === 'order' ? translated.data : translated);

describe('Shopify', () => {
  it('is reached, and says which version answers', async () => {
    await expect(client.check()).resolves.toEqual({ shopName: 'Sandbox shop', apiVersion: '2025-01' });
    await expect(open(undefined, { apiVersion: '2024-10', locationId: '1' }).check()).resolves.toMatchObject({ apiVersion: '2025-01' });
    expect(await codeOf(open({ accessToken: 'shpat_FAKE_other' }).check())).toBe('CREDENTIALS_REFUSED');
  });

  it('tells its orders by the time of their change, page by page, each once', async () => {
    for (let n = 0; n < 120; n += 1) shop.put(shopifyOrder(order(9_000 + n, new Date(Date.UTC(2026, 2, 1, 12, 0, n)).toISOString())));
    shop.put(shopifyOrder(order(8_000, '2026-02-28T23:59:59Z')));
    shop.put(shopifyOrder(order(8_001, '2026-03-02T00:00:00Z')));
    const pulled = await pullAll();
    expect(pulled.map(({ externalOrderId }) => Number(externalOrderId))).toEqual(Array.from({ length: 120 }, (_, n) => 9_000 + n));
    expect(pulled[7]!.updatedAt).toEqual(new Date('2026-03-01T12:00:07Z'));
    expect(sandbox.requests).toHaveLength(3);
  });

  it('tells an order as its webhook does', async () => {
    const body = shopifyOrder(order(9_007, '2026-03-01T12:00:00Z', { note: 'ring twice' } as never));
    shop.put(body);
    const [pulled] = await pullAll();
    const byPull = told(toOrder(parseJson(Buffer.from(pulled!.body)), context));
    const byWebhook = told(toOrder(parseJson(Buffer.from(JSON.stringify(body))), context));
    expect(byPull).toEqual(byWebhook);
    expect(await client.getOrder!('9007')).toEqual(pulled);
    expect(await client.getOrder!('1')).toBeNull();
  });

  it('writes a parcel once, also in part, and knows it again', async () => {
    const body = shopifyOrder(order(9_008, '2026-03-01T12:00:00Z'));
    shop.put(body);
    const [mug, tea] = body.line_items;
    const parcel = { externalOrderId: '9008', trackingNumber: 'SF0000000000001', carrier: 'SF', trackingUrl: null };
    const first = { ...parcel, lines: [{ externalLineId: String(mug!.id), quantity: 2 }] };
    expect(await client.pushTracking!(first)).toBe('WRITTEN');
    expect(await client.pushTracking!(first)).toBe('ALREADY_THERE');
    expect(await client.pushTracking!({ ...parcel, trackingNumber: 'SF0000000000002', lines: null })).toBe('WRITTEN');
    expect(shop.parcelsOf(9_008)).toMatchObject([
      { number: 'SF0000000000001', company: 'SF Express', lines: [{ id: mug!.id, quantity: 2 }] }, { number: 'SF0000000000002', lines: [{ id: tea!.id, quantity: 1 }] },
    ]);
    expect(await codeOf(client.pushTracking!({ ...parcel, trackingNumber: 'SF0000000000003', lines: null }))).toBe('REQUEST_REFUSED');
  });

  it('knows a parcel whose answer was lost', async () => {
    shop.put(shopifyOrder(order(9_009, '2026-03-01T12:00:00Z')));
    const parcel = { externalOrderId: '9009', trackingNumber: 'SF0000000000009', carrier: 'SF', trackingUrl: null, lines: null };
    expect(await client.pushTracking!(parcel)).toBe('WRITTEN');
    expect(await client.pushTracking!(parcel)).toBe('ALREADY_THERE');
    expect(shop.parcelsOf(9_009)).toHaveLength(1);
  });

  it('sets stock by comparing: who changed meanwhile is told and left alone, the others are set', async () => {
    shop.stock('QY-MUG-WHT', 10);
    shop.stock('QY-TEA-250', 4);
    shop.stock('say "hi" \\', 1);
    const results = await client.setStock!([
      { externalSku: 'QY-MUG-WHT', quantity: 7, expected: 10 }, { externalSku: 'QY-TEA-250', quantity: 9, expected: 5 },
      { externalSku: 'gone', quantity: 1, expected: null }, { externalSku: 'say "hi" \\', quantity: 3, expected: null },
    ]);
    expect(results.map(({ result }) => result)).toEqual(['SET', 'CHANGED_MEANWHILE', 'UNKNOWN_SKU', 'SET']);
    expect(['QY-MUG-WHT', 'QY-TEA-250', 'say "hi" \\'].map((sku) => shop.availableOf(sku))).toEqual([7, 4, 3]);
  });

  it('stays within the budget of points that its answers tell', async () => {
    // A page is reckoned at 400 points and costs less: without listening, the third would wait for seconds.
    for (let n = 0; n < 6; n += 1) await client.pullOrders!(WINDOW, null);
    expect(sandbox.requests).toHaveLength(6);
  });

  it('waits where it is throttled, and gives up where it is down', async () => {
    sandbox.fail('shopify', { status: 429, headers: { 'retry-after': '0.01' } }, 2);
    expect(await codeOf(client.check())).toBe('none');
    sandbox.fail('shopify', 'DOWN');
    expect(await codeOf(client.check())).toBe('PLATFORM_DOWN');
    sandbox.fail('shopify', 'RESET');
    expect(await codeOf(open({ accessToken: 'a line of its own' }).check())).toBe('PLATFORM_UNREACHABLE');
    sandbox.fail('shopify', { status: 200, body: '<html>' });
    expect(await codeOf(open({ accessToken: 'other line' }).check())).toBe('ANSWER_INVALID');
  });
});
