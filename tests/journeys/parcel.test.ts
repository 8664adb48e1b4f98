import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

let product: Product;
let sandbox: Sandbox;
let stage: Stage;
let channelId: string;
let skuId: string;
let pushes: { readonly path: string; readonly secret: string };

beforeAll(async () => {
  stage = STAGES['KUAIDI100']!();
  sandbox = await startSandbox([stage.platform]);
  product = await (await freshProduct()).start({ CHANNELS_VIA: sandbox.url, PUBLIC_URL: 'https://shop.example.com' });
  channelId = (await deed('openOwnChannel', 'OpenOwnChannelInput', { kind: 'H5', name: 'H5 shop', currency: 'CNY' }, 'channel { id }')).channel.id;
  skuId = (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id } }')).skus[0].id;
  const connected = await deed('connectChannel', 'ConnectChannelInput', { platform: 'KUAIDI100', name: 'Carriers', shopDomain: stage.shopDomain }, 'channel { id } webhookPath webhookSecret');
  pushes = { path: connected.webhookPath, secret: connected.webhookSecret };
  const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
  await product.get('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code } } }', { input: { channelId: connected.channel.id, fields } });
  await product.get('mutation($input: DeliveryAddressInput!) { setSender(input: $input) { done } }', { input: { name: '拾光工作室', phone: '13900000009', address1: '样本路 9 号', city: '杭州市', province: '浙江省', countryCode: 'CN' } });
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
  await sandbox.close();
});

const deed = async (name: string, type: string, input: object, fields: string): Promise<Json> =>
  (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code } } }`, { input: { idempotencyKey: randomUUID(), ...input } }))[name];
const look = async (id: string): Promise<Json> => (await product.get('query($id: ID!) { order(id: $id) { status waybills { id state carrier trackingNumber failureCode printCount } parcels { carrier trackingNumber track { state deliveredAt } } timeline { deed } } }', { id })).order;

describe('a parcel', () => {
  it('gets its number from the carrier, is printed, scanned, sent and followed to the door', async () => {
    const shipTo = { name: '王五', phone: '13700000003', address1: '样本街 3 号', city: '广州市', province: '广东省', countryCode: 'CN' };
    const { order: { id, amounts: { total } } } = await deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity: 1 }], shipTo }, 'order { id amounts { total { amount currency } } }');
    await deed('recordPayment', 'RecordPaymentInput', { orderId: id, amount: total, reference: 'till' }, 'order { id }');

    // To Guangdong the rule names SF.
    expect((await deed('requestWaybills', 'RequestWaybillsInput', { orderIds: [id] }, 'waybills { carrier } refused { code }'))).toMatchObject({ waybills: [{ carrier: 'SF' }], refused: [] });
    await eventually(async () => { expect((await look(id)).waybills).toMatchObject([{ state: 'ISSUED', carrier: 'SF' }]); });
    const { waybills: [{ id: waybillId, trackingNumber }] } = await look(id);
    expect([...stage.numbers!().values()]).toMatchObject([{ number: trackingNumber, receiver: expect.stringContaining('王五') }]);

    const { batch } = await deed('createPrintBatch', 'CreatePrintBatchInput', { waybillIds: [waybillId], format: 'PDF' }, 'batch { id total }');
    const { takeLabels } = await product.get('mutation($id: ID!) { takeLabels(batchId: $id) { waybillIds document { contentType base64 } } }', { id: batch.id });
    expect(Buffer.from(takeLabels.document.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    const { reportPrinted } = await product.get('mutation($input: ReportPrintedInput!) { reportPrinted(input: $input) { batch { printed } } }', { input: { batchId: batch.id, printed: takeLabels.waybillIds } });
    expect(reportPrinted.batch).toEqual({ printed: 1 });

    expect((await deed('scanParcel', 'ScanParcelInput', { trackingNumber }, 'order { status }')).order.status).toBe('SHIPPED');
    await eventually(async () => { expect(stage.followed!()).toEqual([trackingNumber]); });
    stage.scan!(trackingNumber, new Date(Date.now() - 7_200_000), '已揽收', 'IN_TRANSIT');
    stage.scan!(trackingNumber, new Date(Date.now() - 60_000), '已签收', 'DELIVERED');
    const { contentType, body } = stage.trackPush!(trackingNumber, pushes.secret);
    const push = (text: string) => fetch(`${product.url}${pushes.path}`, { method: 'POST', headers: { 'content-type': contentType }, body: text });
    expect((await push(body.replace('sign=', 'sign=0'))).status).toBe(401);
    const answer = await push(body);
    expect([answer.status, await answer.text()]).toEqual([200, '{"result":true,"returnCode":"200","message":"成功"}']);
    await eventually(async () => { expect((await look(id)).parcels).toMatchObject([{ carrier: 'SF', trackingNumber, track: { state: 'DELIVERED' } }]); });
    await push(body);

    const { waybills, timeline } = await look(id);
    expect(waybills).toMatchObject([{ state: 'SHIPPED', printCount: 1 }]);
    expect(timeline.map(({ deed: done }: Json) => done)).toEqual(expect.arrayContaining(['WAYBILL_ISSUED', 'LABEL_PRINTED', 'SHIPPED', 'PARCEL_DELIVERED']));
    const [from, to] = [new Date(Date.now() - 86_400_000).toISOString(), new Date(Date.now() + 60_000).toISOString()];
    expect((await product.get('query($from: DateTime!, $to: DateTime!) { shippingFigures(from: $from, to: $to) { parcels visible transparency delivered } }', { from, to })).shippingFigures).toEqual({ parcels: 1, visible: 1, transparency: 1, delivered: 1 });
  }, 90_000);
});
