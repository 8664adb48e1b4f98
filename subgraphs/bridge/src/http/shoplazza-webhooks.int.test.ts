import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postWebhook, shoplazzaFixture, type PostedWebhook } from '@quanyu/channel-sandbox';
import { newId } from '@quanyu/ids';
import { configureLog } from '@quanyu/telemetry';
import { openTestSubgraph, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { bridge } from '../subgraph.js';

const SECRET = 'FAKE_SECRET_for_tests_1';
const SHOP = 'quanyu-fake.myshoplaza.com';
const ORDER = shoplazzaFixture('orders-create-paid-cny');

let subgraph: TestSubgraph;
let door: string;
beforeAll(async () => {
  configureLog({ level: 'silent' });
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());

interface Connection { readonly id: string; readonly path: string }
const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id platform shopDomain } webhookPath userErrors { code } } }';
async function connect(over: object = {}): Promise<Connection> {
  const input = { platform: 'SHOPLAZZA', name: 'Demo', webhookSecret: SECRET, idempotencyKey: newId('req'), ...over };
  const { channel, webhookPath: path } = (await subgraph.ask(CONNECT, { input })).data!.connectChannel;
  return { id: channel.id, path };
}

const send = async ({ path }: Pick<Connection, 'path'>, over: Partial<PostedWebhook> = {}): Promise<number> => {
  const url = door + path;
  return (await postWebhook({ platform: 'shoplazza', url, secret: SECRET, topic: 'orders/create', shopDomain: SHOP, body: JSON.stringify(ORDER), ...over })).status;
};
const work = async ({ id }: Connection): Promise<void> => {
  const { definitions } = bridge.jobs!(subgraph.deps);
  for (const { name, payload } of subgraph.enqueued.filter((job) => (job.payload as Json).connectionId === id)) {
    await definitions.find((job) => job.name === name)!.run(payload, { signal: new AbortController().signal, attempt: 1 });
  }
};
const deliveriesOf = ({ id }: Connection): Promise<Json[]> =>
  subgraph.rows(TEST_TENANT, 'select topic, state, reason_code, reason_path, dedupe_key, external_order_id from delivery where connection_id = ? order by id', [id]);
const refusalsOf = ({ id }: Connection): Promise<Json[]> => subgraph.rows(TEST_TENANT, 'select last_reason, count from delivery_refusal where connection_id = ?', [id]);
const ordersOf = async ({ id }: Connection): Promise<Json[]> => (await subgraph.recorded('bridge.order-received.v1')).filter((event) => event.data.connectionId === id);

describe('a signed webhook of Shoplazza', () => {
  it('is answered at once, and told as an order of its platform by a job', async () => {
    const connection = await connect();
    expect(connection.path).toBe(`/webhooks/shoplazza/${connection.id}`);
    expect(await send(connection)).toBe(200);
    expect(await deliveriesOf(connection)).toMatchObject([{ topic: 'orders/create', state: 'VERIFIED' }]);
    expect(await ordersOf(connection)).toEqual([]);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE', external_order_id: ORDER.order.id }]);
    const [{ data }] = await ordersOf(connection) as [Json];
    expect(data).toMatchObject({ platform: 'SHOPLAZZA', externalOrderId: '18999999999000000001', paymentState: 'PAID', rawStatus: 'placed/paid/waiting', amounts: { totalMinor: 24900 } });
    expect(JSON.parse(testVault().open(data.sealedShipTo, { tenantId: TEST_TENANT, row: '18999999999000000001', field: 'shipTo' }))).toMatchObject({ city: '上海市', countryCode: 'CN' });
  });

  it('counts once by its deduplication id, also when both come at the same time', async () => {
    const connection = await connect();
    const again = { webhookId: 'd-1' };
    expect(await Promise.all([send(connection, again), send(connection, again)])).toEqual([200, 200]);
    await work(connection);
    expect(await send(connection, again)).toBe(200);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DONE', dedupe_key: 'd-1 orders/create' }]);
    expect(await ordersOf(connection)).toHaveLength(1);
    expect(await send(connection, { ...again, topic: 'orders/paid' })).toBe(200);
    expect(await send(await connect(), again)).toBe(200);
    expect(await deliveriesOf(connection)).toHaveLength(2);
  });

  it.each(['orders/create', 'orders/update', 'orders/updated', 'orders/paid', 'orders/fulfilled'])('of %s updates the order', async (topic) => {
    const connection = await connect();
    await send(connection, { topic });
    await work(connection);
    expect((await ordersOf(connection))[0]).toMatchObject({ data: { cancelledAt: null } });
  });

  it('of orders/cancelled ends the order, though its body may not show it yet', async () => {
    const connection = await connect();
    await send(connection, { topic: 'orders/cancelled' });
    await send(connection, { topic: 'orders/update', body: JSON.stringify(shoplazzaFixture('orders-cancelled')) });
    await work(connection);
    expect((await ordersOf(connection)).map(({ data }) => data.cancelledAt)).toEqual(['2026-11-20T02:15:31.000Z', '2026-11-20T04:30:00.000Z']);
  });

  it.each(['orders/delete', 'themes/publish', 'carts/update'])('of %s is IGNORED', async (topic) => {
    const connection = await connect();
    expect(await send(connection, { topic, body: '{"id":"1"}' })).toBe(200);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ topic, state: 'IGNORED', reason_code: 'TOPIC_NOT_HANDLED' }]);
  });

  it('of something else than an order lies there dead with the path', async () => {
    const connection = await connect();
    expect(await send(connection, { body: '{"order":{"currency":"CNY","id":"1","total_price":"free"}}' })).toBe(200);
    await work(connection);
    expect(await deliveriesOf(connection)).toMatchObject([{ state: 'DEAD', reason_code: 'BODY_NOT_AN_ORDER', reason_path: 'total_price' }]);
  });
});

describe('what is refused of Shoplazza', () => {
  it('a wrong signature, and one of Shopify, leave nothing but a count', async () => {
    const connection = await connect();
    expect([await send(connection, { badSignature: true }), await send(connection, { platform: 'shopify' })]).toEqual([401, 401]);
    expect(await deliveriesOf(connection)).toEqual([]);
    expect((await refusalsOf(connection)).reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  it("another shop's webhook, though signed with the app's secret", async () => {
    const connection = await connect({ shopDomain: 'Quanyu-Fake.myshoplazza.com' });
    expect([await send(connection), await send(connection, { shopDomain: 'quanyu-fake.myshoplazza.com' })]).toEqual([200, 200]);
    expect(await send(connection, { shopDomain: 'somebody-else.myshoplaza.com' })).toBe(401);
    expect(await refusalsOf(connection)).toMatchObject([{ last_reason: 'SHOP_MISMATCH', count: 1 }]);
  });

  it('a connection of another platform', async () => {
    const [shoplazza, shopify] = [await connect(), await connect({ platform: 'SHOPIFY' })];
    expect(await send({ path: `/webhooks/shopify/${shoplazza.id}` })).toBe(404);
    expect(await send({ path: `/webhooks/shoplazza/${shopify.id}` })).toBe(404);
    expect(await send({ path: `/webhooks/SHOPLAZZA/${shoplazza.id}` })).toBe(404);
  });
});
