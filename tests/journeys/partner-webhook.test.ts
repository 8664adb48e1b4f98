import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxRequest } from '@quanyu/channel-sandbox';
import { Webhook } from 'standardwebhooks';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

// A partner hears of orders in its own words: a subscription on the graph of partners, run with the rights of its key.
// The doors have a process of their own here: what a job asks the gateway goes between the two.

let product: Product;
let partner: Sandbox;
const heard: SandboxRequest[] = [];
beforeAll(async () => {
  partner = await startSandbox([{ name: 'partner', owns: () => true, answer: (request) => { heard.push(request); return { status: 204 }; } }]);
  product = await (await freshProduct()).start({ CHANNELS_VIA: partner.url, WORKERS: '1' });
}, 180_000);
afterAll(async () => {
  await product.stop();
  await partner.close();
  await remove(product);
});

const deed = async (name: string, type: string, input: object, fields: string): Promise<Json> =>
  (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field } } }`, { input }))[name];
const keyFor = async (scopes: readonly string[], channelIds: readonly string[] = []): Promise<string> =>
  (await deed('createPartnerKey', 'CreatePartnerKeyInput', { name: 'ERP', scopes, allChannels: channelIds.length === 0, channelIds, idempotencyKey: randomUUID() }, 'partnerKey { id }')).partnerKey.id;
const listen = (keyId: string, document: string, topics: readonly string[] = ['ORDER_CONFIRMED']): Promise<Json> =>
  deed('createWebhookEndpoint', 'CreateWebhookEndpointInput', { name: 'ERP', url: `https://partner.example.com/${keyId}`, topics, document, keyId }, 'endpoint { id } secret');

describe('a partner with a subscription document', () => {
  it('is sent what its key may see of each order, signed, and is stopped when its key is revoked', async () => {
    const shops = await Promise.all(['H5', 'Pop-up'].map(async (name) => (await deed('openOwnChannel', 'OpenOwnChannelInput', { kind: 'H5', name, currency: 'CNY', idempotencyKey: randomUUID() }, 'channel { id }')).channel.id as string));
    const skuId = (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id } }')).skus[0].id as string;
    const [all, narrow, poor] = await Promise.all([keyFor(['orders:read']), keyFor(['orders:read'], [shops[1]!]), keyFor(['catalog:read'])]);
    const document = 'subscription { ordersChanged { id status total: amounts { total { amount currency } } lines { quantity } } }';

    expect((await listen(poor, document)).userErrors).toEqual([{ code: 'DOCUMENT_INVALID', field: ['document', 'FORBIDDEN'] }]);
    expect((await listen(all, document.replace('status', 'status exceptions { code }'))).userErrors).toEqual([{ code: 'DOCUMENT_INVALID', field: ['document', 'GRAPHQL_VALIDATION_FAILED'] }]);
    const { secret } = await listen(all, document);
    await listen(narrow, document);

    const buy = async (channelId: string): Promise<string> => {
      const { order } = await deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity: 2 }], shipTo: { name: '王五', phone: '13700000003', address1: '样本街 3 号', city: '广州市', province: '广东省', countryCode: 'CN' }, idempotencyKey: randomUUID() }, 'order { id amounts { total { amount currency } } }');
      await deed('recordPayment', 'RecordPaymentInput', { orderId: order.id, amount: order.amounts.total, reference: 'till', idempotencyKey: randomUUID() }, 'order { id }');
      return order.id as string;
    };
    const first = await buy(shops[0]!);
    const of = (keyId: string): SandboxRequest[] => heard.filter(({ path }) => path === `/${keyId}`);
    await eventually(() => { expect(of(all)).toHaveLength(1); }, 60_000);
    const told = new Webhook(secret).verify(of(all)[0]!.body.toString(), of(all)[0]!.headers as Record<string, string>);
    expect(told).toEqual({ type: 'order.confirmed', timestamp: expect.any(String), data: { ordersChanged: { id: first, status: expect.any(String), total: { total: { amount: expect.stringMatching(/^\d+\.\d\d$/), currency: 'CNY' } }, lines: [{ quantity: 2 }] } } });
    // Who is bought from elsewhere is none of the other key's business, and it hears of nothing.
    await eventually(async () => { expect(await product.sql("select m.state from bridge.webhook_message m join bridge.webhook_endpoint e on e.id = m.endpoint_id where e.key_id = $1", [narrow])).toEqual([{ state: 'SKIPPED' }]); }, 60_000);
    expect(of(narrow)).toEqual([]);

    expect((await product.get('mutation($id: ID!) { revokePartnerKey(input: { keyId: $id }) { userErrors { code } } }', { id: all })).revokePartnerKey.userErrors).toEqual([]);
    await buy(shops[1]!);
    await eventually(async () => {
      const { webhookEndpoints } = await product.get('{ webhookEndpoints { keyId status documentFault } }');
      expect(webhookEndpoints.find((one: Json) => one.keyId === all)).toMatchObject({ status: 'DISABLED', documentFault: expect.stringContaining('KEY_GONE') });
    }, 60_000);
    await eventually(() => { expect(of(narrow)).toHaveLength(1); }, 60_000);
    expect(of(all)).toHaveLength(1);
  }, 180_000);

  it('hears of stock and of products as they stand, by the rights of its key', async () => {
    const [keyId, poor] = await Promise.all([keyFor(['inventory:read', 'catalog:read']), keyFor(['orders:read'])]);
    const [stock, goods] = ['subscription { stockLevelChanged { available sku { code } } }', 'subscription { productsChanged { id skus { code } } }'];
    expect((await listen(poor, stock, ['STOCK_CHANGED'])).userErrors).toEqual([{ code: 'DOCUMENT_INVALID', field: ['document', 'FORBIDDEN'] }]);
    expect((await listen(keyId, stock, ['STOCK_CHANGED', 'ORDER_CONFIRMED'])).userErrors).toEqual([{ code: 'DOCUMENT_INVALID', field: ['document', 'WRONG_TYPE'] }]);
    const secrets = { stock: (await listen(keyId, stock, ['STOCK_CHANGED'])).secret as string, goods: (await listen(keyId, goods, ['PRODUCT_CHANGED'])).secret as string };
    const { id: skuId } = (await product.get('{ skus(codes: ["QY-TEA-250"]) { id } }')).skus[0];
    await deed('setStockOnHand', 'SetStockOnHandInput', { skuId, onHand: 4321, idempotencyKey: randomUUID() }, 'stockLevel { id }');
    const made = await deed('createProduct', 'CreateProductInput', { title: 'Spoon', kind: 'PHYSICAL', skus: [{ code: 'QY-SPOON' }], idempotencyKey: randomUUID() }, 'product { id }');
    const told = (secret: string): Json[] => heard.filter(({ path }) => path === `/${keyId}`).flatMap(({ body, headers }) => { try { return [new Webhook(secret).verify(body.toString(), headers as Record<string, string>)]; } catch { return []; } });
    await eventually(() => {
      expect(told(secrets.stock).map(({ type, data }) => [type, data.stockLevelChanged.sku.code, data.stockLevelChanged.available <= 4321])).toContainEqual(['stock.changed', 'QY-TEA-250', true]);
      expect(told(secrets.goods)).toContainEqual({ type: 'product.changed', timestamp: expect.any(String), data: { productsChanged: { id: made.product.id, skus: [{ code: 'QY-SPOON' }] } } });
    }, 60_000);
  }, 180_000);
});
