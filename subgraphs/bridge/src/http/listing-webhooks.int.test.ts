import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postWebhook, type PostedWebhook } from '@quanyu/channel-sandbox';
import { newId } from '@quanyu/ids';
import { configureLog } from '@quanyu/telemetry';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../subgraph.js';

const SECRET = 'FAKE_SECRET_for_tests_1';
let subgraph: TestSubgraph;
let door: string;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());

interface Connection { readonly id: string; readonly path: string; readonly platform: 'shopify' | 'shoplazza' }
async function connect(platform: 'shopify' | 'shoplazza'): Promise<Connection> {
  const { channel: { id }, webhookPath: path } = (await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } webhookPath } }',
    { input: { platform: platform.toUpperCase(), name: 'Demo', webhookSecret: SECRET, idempotencyKey: newId('req') } })).data!.connectChannel as Json;
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update channel_connection set settings = settings || '{\"shopCurrency\": \"CNY\"}' where id = ?", [id]));
  return { id, path, platform };
}
const send = async ({ path, platform }: Connection, topic: string, body: object | string, over: Partial<PostedWebhook> = {}): Promise<void> => {
  const url = door + path;
  const { status } = await postWebhook({ platform, url, secret: SECRET, topic, shopDomain: platform === 'shopify' ? 'demo.myshopify.com' : 'demo.myshoplaza.com', body: typeof body === 'string' ? body : JSON.stringify(body), ...over });
  expect(status).toBe(200);
};
const work = async ({ id }: Connection): Promise<void> => {
  const { definitions } = bridge.jobs!(subgraph.deps);
  for (const { name, payload } of subgraph.enqueued.filter((job) => (job.payload as Json).connectionId === id)) await definitions.find((job) => job.name === name)!.run(payload, { signal: new AbortController().signal, attempt: 1 });
};
const told = async ({ id }: Connection, what: 'product' | 'customer' = 'product'): Promise<Json[]> => (await subgraph.recorded(`bridge.channel-${what}-told.v1`)).map(({ data }) => data).filter(({ connectionId }) => connectionId === id);
const states = ({ id }: Connection): Promise<Json[]> => subgraph.rows(TEST_TENANT, 'select topic, state, reason_code from delivery where connection_id = ? order by id', [id]);

const product = (minute: number, over: object = {}) => ({
  id: '632910392', title: 'Cup', body_html: '<b>x</b>', vendor: 'Acme', status: 'active', updated_at: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`, variants: [{ id: '808950810', sku: 'CUP', title: 'M', price: '19.90', compare_at_price: null, inventory_quantity: 3 }], ...over,
});
const customer = (minute: number, over: object = {}) => ({ id: '207119551', first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', updated_at: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`, ...over });

describe.each(['shopify', 'shoplazza'] as const)('a webhook of %s', (platform) => {
  it('of goods tells them as they stand, and an older one that comes later, or the same again, tells nothing', async () => {
    const shop = await connect(platform);
    await send(shop, 'products/create', product(1));
    await send(shop, 'products/update', product(3, { title: 'Mug' }));
    await work(shop);
    await send(shop, 'products/update', product(2, { title: 'late' }));
    await send(shop, 'products/update', product(3, { title: 'Mug' }));
    await work(shop);
    expect((await states(shop)).map(({ state }) => state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE']);
    const facts = await told(shop);
    expect(facts.at(-1)).toMatchObject({ externalProductId: '632910392', platform: platform.toUpperCase(), currency: 'CNY', product: { title: 'Mug', bodyHtml: '<b>x</b>' }, variants: [{ externalSku: 'CUP', priceMinor: 1990, compareAtMinor: null }] });
    expect(facts.filter((one) => one.product.title === 'late')).toEqual([]);
    expect(facts.filter((one) => one.product.title === 'Mug')).toHaveLength(1);
  });

  it('of the end of goods takes them away, and no late one of before brings them back', async () => {
    const shop = await connect(platform);
    await send(shop, 'products/create', product(1));
    await work(shop);
    await send(shop, 'products/delete', { id: '632910392' });
    await work(shop);
    await send(shop, 'products/update', product(2));
    await work(shop);
    const facts = await told(shop);
    expect(facts.map(({ removed }) => removed)).toEqual([false, true]);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from channel_goods where connection_id = ?', [shop.id])).toEqual([]);
  });

  it.each(platform === 'shopify' ? ['customers'] : ['customers', 'tenants'])('of %s tells who they are, sealed, and that they are gone', async (word) => {
    const shop = await connect(platform);
    await send(shop, `${word}/create`, customer(1));
    await work(shop);
    await send(shop, `${word}/update`, customer(2, { email: 'new@example.com' }));
    await work(shop);
    await send(shop, `${word}/delete`, { id: '207119551' });
    await work(shop);
    const facts = await told(shop, 'customer');
    expect(facts.map(({ removed, customer: { externalId, emailIndex } }) => [removed, externalId, emailIndex !== null])).toEqual([[false, '207119551', true], [false, '207119551', true], [true, '207119551', false]]);
    expect(JSON.stringify(facts)).not.toMatch(/Ann|example\.com/);
  });

  it('of goods that cannot be read lies there dead, and one of an unknown topic is IGNORED', async () => {
    const shop = await connect(platform);
    await send(shop, 'products/update', { id: '1', variants: 'many' });
    await send(shop, 'products/delete', 'not json');
    await send(shop, 'collections/update', { id: '1' });
    await work(shop);
    expect(await states(shop)).toMatchObject([{ state: 'DEAD', reason_code: 'BODY_NOT_READABLE' }, { state: 'DEAD', reason_code: 'BODY_NOT_JSON' }, { state: 'IGNORED', reason_code: 'TOPIC_NOT_HANDLED' }]);
    expect(await told(shop)).toEqual([]);
  });

  it('of ten thousand variants is told in parts, each of which any consumer takes', async () => {
    const shop = await connect(platform);
    await send(shop, 'products/update', product(1, { variants: Array.from({ length: 10_000 }, (_, n) => ({ id: String(n), sku: `S${n}`, title: 'M', price: '1.00' })) }));
    await work(shop);
    const facts = await told(shop);
    expect(facts.map(({ part, parts }) => [part, parts])).toEqual(Array.from({ length: 20 }, (_, n) => [n + 1, 20]));
    expect([facts.reduce((sum, { variants }) => sum + variants.length, 0), facts.filter((one) => one.product !== null).length]).toEqual([10_000, 1]);
  });
});

describe('a fulfilment of Shopify', () => {
  const fulfillment = (state: string | null, minute: number, over: object = {}) => ({
    id: 255858046, order_id: 450789469, status: 'success', tracking_company: 'SF Express', tracking_number: 'SF1000000000001', tracking_numbers: ['SF1000000000001', 'SF1000000000002'],
    shipment_status: state, created_at: '2026-03-01T10:00:00Z', updated_at: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`, ...over,
  });

  it('tells where its parcels are, from on the way to delivered, and nothing of labels, cancelled ones and what cannot be read', async () => {
    const shop = await connect('shopify');
    for (const body of [fulfillment(null, 1), fulfillment('label_printed', 2), fulfillment('in_transit', 3), fulfillment('out_for_delivery', 4), fulfillment('delivered', 5, { tracking_numbers: [] }), fulfillment('delivered', 6, { status: 'cancelled' }), '{}']) {
      await send(shop, 'fulfillments/update', body);
    }
    await work(shop);
    const tracked = (await subgraph.recorded('bridge.parcel-tracked.v1')).filter(({ data }) => data.connectionId === shop.id).map(({ data: { trackingNumber, state, at } }) => [trackingNumber, state, at.slice(14, 16)]);
    expect(tracked.sort()).toEqual([
      ['SF1000000000001', 'DELIVERED', '05'], ['SF1000000000001', 'IN_TRANSIT', '03'], ['SF1000000000001', 'OUT_FOR_DELIVERY', '04'], ['SF1000000000002', 'IN_TRANSIT', '03'], ['SF1000000000002', 'OUT_FOR_DELIVERY', '04'],
    ]);
    expect((await states(shop)).map(({ state }) => state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'DEAD']);
  });
});
