import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

// A hub's two loops, between platforms that each speak their own protocol: an order of a marketplace is packed elsewhere and
// its number goes back; what a system outside counts is shown on the marketplace.

const SECRET = 'FAKE_SECRET_of_the_hub';
const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id webhookUrlPath } userErrors { code field } } }';
const SET = 'mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }';

let product: Product;
let sandbox: Sandbox;
const stages: Record<string, Stage> = {};
const channels: Record<string, { readonly id: string; readonly webhookUrlPath: string }> = {};
beforeAll(async () => {
  for (const platform of ['TAOBAO', 'SHIPSTATION', 'ZOHO']) stages[platform] = STAGES[platform]!();
  sandbox = await startSandbox(Object.values(stages).map(({ platform }) => platform));
  product = await (await freshProduct()).start({ CHANNELS_VIA: sandbox.url });
}, 180_000);
afterAll(async () => {
  await product.stop();
  await sandbox.close();
  await remove(product);
});

async function connect(platform: string, over: Record<string, string> = {}): Promise<void> {
  const stage = stages[platform]!;
  const { channel, userErrors } = (await product.get(CONNECT, { input: { platform, name: platform, shopDomain: stage.shopDomain, webhookSecret: SECRET, idempotencyKey: randomUUID() } })).connectChannel;
  expect(userErrors).toEqual([]);
  channels[platform] = channel;
  const fields = Object.entries({ ...stage.settings, ...stage.secrets, ...over }).map(([name, value]) => ({ name, value }));
  expect((await product.get(SET, { input: { channelId: channel.id, fields } })).setChannelAccount.userErrors).toEqual([]);
}
/** As the platform posts when something of this has happened. */
async function notice(platform: string, id: string, query = ''): Promise<number> {
  const { headers, body } = stages[platform]!.notice!(id, SECRET);
  return (await fetch(`${product.url}${channels[platform]!.webhookUrlPath}${query}`, { method: 'POST', headers, body })).status;
}
const skuId = async (code: string): Promise<string> => (await product.get('query($codes: [String!]!) { skus(codes: $codes) { id } }', { codes: [code] })).skus[0].id as string;

describe('an order of a marketplace', () => {
  it('is packed by ShipStation, and its number is at the marketplace within five minutes, once', async () => {
    for (const code of ['QY-MUG-WHT', 'QY-TEA-250']) {
      await product.get('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId: await skuId(code), onHand: 100, idempotencyKey: randomUUID() } });
    }
    const taken = Date.now();
    const orderNumber = stages['TAOBAO']!.order!(1, new Date(Date.now() - 120_000));
    await connect('SHIPSTATION');
    await connect('TAOBAO');
    // As of a shop that was connected long ago: its last month has been read.
    await product.sql("update bridge.sync_stream set cursor_at = now() - interval '10 minutes', window_to = null, page = null, lease = null, leased_until = null, next_at = now() where stream = 'ORDERS' and connection_id = $1", [channels['TAOBAO']!.id]);
    await eventually(() => { expect(stages['SHIPSTATION']!.pushed!()).toHaveLength(1); }, 120_000);
    expect(stages['SHIPSTATION']!.pushed!()[0]).toMatchObject({ totalMinor: 8550, quantities: { 'QY-MUG-WHT': 2, 'QY-TEA-250': 1 } });
    const toShipStation = Date.now() - taken;
    const packed = Date.now();
    const shipment = stages['SHIPSTATION']!.ship!(stages['SHIPSTATION']!.pushed!()[0]!.id, 'SF1234567890', new Date());
    expect(await notice('SHIPSTATION', shipment, `?key=${SECRET}`)).toBe(200);
    await eventually(() => { expect(stages['TAOBAO']!.parcelsOf!(orderNumber)).toHaveLength(1); }, 120_000);
    const toMarketplace = Date.now() - packed;
    expect(stages['TAOBAO']!.parcelsOf!(orderNumber)).toMatchObject([{ number: 'SF1234567890' }]);
    expect([toShipStation < 15 * 60_000, toMarketplace < 5 * 60_000]).toEqual([true, true]);
    process.stdout.write(`order to ShipStation ${Math.round(toShipStation / 1000)} s, number to the marketplace ${Math.round(toMarketplace / 1000)} s\n`);
    // The push comes again, and the poll behind it: nothing more is told.
    expect(await notice('SHIPSTATION', shipment, `?key=${SECRET}`)).toBe(200);
    await product.sql("update bridge.sync_stream set next_at = now() where stream = 'PARCELS'");
    await eventually(async () => { expect(await product.sql("select 1 from bridge.sync_run where stream = 'PARCELS' and state = 'DONE' and started_at > now() - interval '1 minute' and items > 0")).not.toEqual([]); }, 60_000);
    await sleep(1_000);
    expect(stages['TAOBAO']!.parcelsOf!(orderNumber)).toHaveLength(1);
    const [{ id }] = await product.sql<{ id: string }>('select id from orders.sales_order where connection_id = $1', [channels['TAOBAO']!.id]) as [{ id: string }];
    const { order } = await product.get('query($id: ID!) { order(id: $id) { status parcels { carrier trackingNumber } handedOver { purpose state externalOrderId store channel { platform } } } }', { id }) as Json;
    expect(order).toEqual({
      status: 'SHIPPED', parcels: [{ carrier: 'SF', trackingNumber: 'SF1234567890' }],
      handedOver: [{ purpose: 'SHIP', state: 'WRITTEN', externalOrderId: stages['SHIPSTATION']!.pushed!()[0]!.id, store: '101', channel: { platform: 'SHIPSTATION' } }],
    });
  }, 300_000);
});

describe('stock that Zoho counts', () => {
  it('is shown on the marketplace within a minute of its push, changed goods only', async () => {
    const { locations } = await product.get('{ locations { nodes { id } } }');
    const list = locations.nodes as { readonly id: string }[];
    await connect('ZOHO', { locationId: list[0]!.id, takes: 'NONE', callsADay: '100000' });
    // Both count the same to begin with, two mugs and a tea having been sent: what differs would wait for a person.
    for (const [sku, left] of [['QY-MUG-WHT', 98], ['QY-TEA-250', 99]] as const) { stages['TAOBAO']!.stock!(sku, 1); stages['ZOHO']!.stock!(sku, left); }
    const authority = 'mutation($input: SetStockAuthorityInput!) { setStockAuthority(input: $input) { userErrors { code } } }';
    expect((await product.get(authority, { input: { locationId: list[0]!.id, follows: { connectionId: channels['ZOHO']!.id, figure: 'ON_HAND' } } })).setStockAuthority.userErrors).toEqual([]);
    expect((await product.get('mutation($id: ID!) { setStockChannel(input: { channelId: $id, publishing: true }) { userErrors { code } } }', { id: channels['TAOBAO']!.id })).setStockChannel.userErrors).toEqual([]);
    await eventually(() => { expect([stages['TAOBAO']!.unitsOf!('QY-MUG-WHT'), stages['TAOBAO']!.unitsOf!('QY-TEA-250')]).toEqual([98, 99]); }, 120_000);
    // The first reading of all has agreed.
    await eventually(async () => { expect(await product.sql('select 1 from inventory.outside_figure where agreed_versions is not null')).toHaveLength(2); }, 120_000);
    const told = sandbox.requests.length;
    const changed = Date.now();
    stages['ZOHO']!.stock!('QY-MUG-WHT', 37);
    expect(await notice('ZOHO', 'QY-MUG-WHT')).toBe(200);
    await eventually(() => { expect(stages['TAOBAO']!.unitsOf!('QY-MUG-WHT')).toBe(37); }, 120_000);
    const seconds = (Date.now() - changed) / 1000;
    process.stdout.write(`Zoho to the marketplace ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);
    const zoho = sandbox.requests.slice(told).filter(({ host }) => host === 'www.zohoapis.com');
    expect(zoho.length).toBeLessThanOrEqual(2);
    expect(sandbox.requests.slice(told).some(({ body }) => body.toString().includes('QY-TEA-250'))).toBe(false);
    const { channel } = await product.get('query($id: ID!) { channel(id: $id) { stockDelay { figures medianSeconds slowestSeconds } } }', { id: channels['TAOBAO']!.id });
    expect(channel.stockDelay.figures).toBeGreaterThanOrEqual(2);
    expect(channel.stockDelay.slowestSeconds).toBeLessThan(60);
    // Nobody else may tell us so.
    expect((await fetch(`${product.url}${channels['ZOHO']!.webhookUrlPath}`, { method: 'POST', headers: { 'x-zoho-webhook-signature': '0'.repeat(64) }, body: '{}' })).status).toBe(401);
  }, 300_000);
});
