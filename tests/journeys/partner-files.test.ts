import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCsv, sftpStage, startSandbox, type Sandbox } from '@quanyu/channel-sandbox';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

// A partner without an API: its orders come as files, and the numbers of their parcels and our stock go back as files.

let product: Product;
let sandbox: Sandbox;
let channelId: string;
const stage = sftpStage();
const { folders } = stage.files;
beforeAll(async () => {
  sandbox = await startSandbox([stage.platform]);
  product = await (await freshProduct()).start({ CHANNELS_VIA: sandbox.url });
  const { channel } = (await product.get('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } userErrors { code } } }', { input: { platform: 'SFTP', name: 'Partner', shopDomain: stage.shopDomain, idempotencyKey: randomUUID() } })).connectChannel;
  channelId = channel.id;
}, 180_000);
afterAll(async () => {
  await product.stop();
  await sandbox.close();
  await remove(product);
});

const skuId = async (code: string): Promise<string> => (await product.get('query($codes: [String!]!) { skus(codes: $codes) { id } }', { codes: [code] })).skus[0].id as string;
const count = async (code: string, onHand: number): Promise<void> => { await product.get('mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { userErrors { code } } }', { input: { skuId: await skuId(code), onHand, idempotencyKey: randomUUID() } }); };

describe('a partner with a server of files', () => {
  it('has its orders sent, and finds their numbers and our stock in files of its own', async () => {
    for (const code of ['QY-MUG-WHT', 'QY-TEA-250']) await count(code, 100);
    // Two orders in one export, one of them wrong.
    folders.write('/orders/export-20260301.csv', orderCsv('P-2026-1', new Date(), ['P-2026-2,,QY-MUG-WHT,,none,1.00,0,0,,,,,,,']));
    const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
    expect((await product.get('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }', { input: { channelId, fields } })).setChannelAccount.userErrors).toEqual([]);

    const orders = (): Promise<{ id: string; external_order_id: string }[]> => product.sql('select id, external_order_id from orders.sales_order where connection_id = $1', [channelId]);
    await eventually(async () => { expect(await orders()).toMatchObject([{ external_order_id: 'P-2026-1' }]); }, 120_000);
    await eventually(() => { expect([stage.waiting!(), folders.names('/orders/archive').length]).toEqual([[], 1]); }, 60_000);
    expect(folders.names('/orders/rejected').map((name) => folders.text(`/orders/rejected/${name}`))).toEqual(['line,error\n6,quantity\n']);
    const { deliveries } = await product.get('query($id: ID!) { deliveries(first: 5, filter: { channelId: $id, state: DEAD }) { nodes { reasonCode reasonPath } } }', { id: channelId });
    expect(deliveries.nodes).toEqual([{ reasonCode: 'BODY_NOT_AN_ORDER', reasonPath: 'export-20260301.csv:6 quantity' }]);

    const id = (await orders())[0]!.id;
    await eventually(async () => { expect((await product.get('query($id: ID!) { order(id: $id) { status } }', { id })).order).toEqual({ status: 'TO_SHIP' }); }, 60_000);
    expect((await product.get('mutation($input: ShipOrderInput!) { shipOrder(input: $input) { order { status } userErrors { code } } }', { input: { orderId: id, carrier: 'SF', trackingNumber: 'SF1234567890', service: 'sf_same_day', idempotencyKey: randomUUID() } })).shipOrder).toEqual({ order: { status: 'SHIPPED' }, userErrors: [] });
    await eventually(() => { expect(stage.parcelsOf!('P-2026-1')).toEqual([{ number: 'SF1234567890', carrier: 'SF' }]); }, 60_000);
    const [head, row] = folders.text('/tracking/tracking-P-2026-1-SF1234567890.csv').split('\n');
    expect(head).toBe('order_id,tracking_number,carrier,shipped_at,tracking_url,line_id,quantity,service');
    expect(row).toMatch(/^P-2026-1,SF1234567890,SF,20\d\d-[\d-]+T[\d:.]+Z,,,,sf_same_day$/);

    expect((await product.get('mutation($id: ID!) { setStockChannel(input: { channelId: $id, publishing: true }) { userErrors { code } } }', { id: channelId })).setStockChannel.userErrors).toEqual([]);
    await eventually(() => { expect(['QY-MUG-WHT', 'QY-TEA-250', 'QY-TEE-BLK-M', 'QY-LAST-ONE'].map((sku) => stage.unitsOf!(sku))).toEqual([98, 99, 500, 1]); }, 120_000);
    const before = folders.names('/stock').length;
    await count('QY-MUG-WHT', 37);
    await eventually(() => { expect(stage.unitsOf!('QY-MUG-WHT')).toBe(37); }, 60_000);
    // What changed, and nothing else.
    expect(folders.names('/stock').sort().slice(before).map((name) => folders.text(`/stock/${name}`))).toEqual(['sku,quantity\nQY-MUG-WHT,37\n']);
  }, 300_000);
});
