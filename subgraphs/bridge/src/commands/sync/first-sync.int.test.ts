import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { skuCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { connectChannel, openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueFirstSyncs } from '../../queries/first-sync.js';
import { bridge } from '../../subgraph.js';
import { pullOrders } from './pull-orders.js';
import { runFirstSync } from './run-first-sync.js';

const URL = 'https://shop.example.com';
let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shops: Shops;
let stage: Stage;
let connectionId: string;
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['SHOPLAZZA']!();
  stage.fill!(120, 70);
  sandbox = await startSandbox([stage.platform]);
  fresh();
  count += 1;
  connectionId = await connect();
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const fresh = (): void => { shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 })); };
async function connect(): Promise<string> {
  const { id } = await connectChannel(subgraph, { platform: 'SHOPLAZZA', shopDomain: count === 1 ? 'quanyu-demo.myshoplaza.com' : `first-${count}.myshoplaza.com`, idempotencyKey: newId('req') }, stage);
  // The sandbox is one shop, whatever it is called here.
  await sql('update channel_connection set shop_domain = null where shop_domain = ?', stage.shopDomain);
  await sql('update channel_connection set shop_domain = ? where id = ?', stage.shopDomain, id);
  await sql("update sync_stream set cursor_at = app_now() - interval '1 hour' where connection_id = ? and stream = 'ORDERS'", id);
  return id;
}
const sql = (statement: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, params));
const ref = () => ({ tenantId: TEST_TENANT, connectionId });
const run = async (): Promise<void> => {
  await sql('update first_sync set next_at = app_now() where connection_id = ?', connectionId);
  await sql("update sync_stream set next_at = app_now() where connection_id = ? and stream in ('GOODS', 'CUSTOMERS')", connectionId);
  await runFirstSync(subgraph.deps, shops, URL, ref());
};
const steps = async (): Promise<Json> => ((await subgraph.ask('query($id: ID!) { channel(id: $id) { firstSync { endedAt steps { step state count errorCode } } } }', { id: connectionId })).data!['channel'].firstSync.steps as Json[]).map(({ step, state, count: n }) => `${step} ${state} ${n}`);
/** What was told of this shop as facts, and whether any of it names a person. */
const told = async (): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT,
  `select count(*) filter (where type = 'bridge.channel-product-told.v1')::int as goods, count(*) filter (where type = 'bridge.channel-customer-told.v1')::int as customers,
     count(*) filter (where data::text ~ '@example|测试|样本路|138000')::int as plain from outbox where data->>'connectionId' = ? and type like 'bridge.channel-%-told.v1'`, [connectionId]))[0]!;
const calls = (path: string): number => sandbox.requests.filter((request) => request.path.endsWith(path)).length;

describe('the first reading of a shop', () => {
  it('goes over goods and customers to orders, webhooks and the index, and its progress can be seen', async () => {
    await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: newId('sku'), productId: newId('prd'), code: 'SL-7' } }));
    expect(await steps()).toEqual(['PRODUCTS WAITING 0', 'CUSTOMERS WAITING 0', 'ORDERS WAITING 0', 'WEBHOOKS WAITING 0', 'INDEX WAITING 0']);
    // Orders wait for what they name.
    await pullOrders(subgraph.deps, shops, ref());
    expect(calls('/orders/count')).toBe(0);
    expect(await dueFirstSyncs(subgraph.deps.database)).toContainEqual(ref());
    stage.order!(1, new Date(Date.now() - 60_000));
    await run();
    expect(await steps()).toEqual(['PRODUCTS DONE 120', 'CUSTOMERS DONE 70', 'ORDERS DONE 1', `WEBHOOKS DONE ${stage.hooks!().length}`, 'INDEX DONE 1']);
    expect(await dueFirstSyncs(subgraph.deps.database)).not.toContainEqual(ref());
    expect(await told()).toEqual({ goods: 120, customers: 70, plain: 0 });
  });

  it('goes on where it was cut off, and tells nothing twice', async () => {
    // Behind its first page the shop goes away.
    sandbox.fail('shoplazza', { loseWhen: () => { if (calls('/products') === 1) sandbox.fail('shoplazza', 'DOWN'); return false; } });
    await run();
    expect((await steps())[0]).toBe('PRODUCTS RUNNING 50');
    sandbox.heal('shoplazza');
    await shops.close();
    fresh();
    const before = calls('/products');
    await Promise.all([run(), run(), run()]);
    await run();
    expect((await steps())[0]).toBe('PRODUCTS DONE 120');
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/products')).slice(before).map(({ query }) => query.get('page'))).toEqual(['2', '3']);
    expect(await told()).toMatchObject({ goods: 120 });
    expect(await subgraph.rows(TEST_TENANT, 'select count(*)::int as goods from channel_goods where connection_id = ?', [connectionId])).toEqual([{ goods: 120 }]);
  });

  it('gives a step up that fails, and goes on; a shop that fails stops no other', async () => {
    const other = connectionId;
    sandbox.fail('shoplazza', 'DOWN');
    for (let n = 0; n < 4; n += 1) { await shops.close(); fresh(); await run(); }
    expect((await steps())[0]).toBe('PRODUCTS FAILED 0');
    sandbox.heal('shoplazza');
    await shops.close();
    fresh();
    await run();
    expect((await steps()).slice(0, 3)).toEqual(['PRODUCTS FAILED 0', 'CUSTOMERS DONE 70', 'ORDERS DONE 0']);
    count += 1;
    connectionId = await connect();
    await sql('update channel_connection set shop_domain = ? where id = ?', 'gone.myshoplaza.com', other);
    expect(await dueFirstSyncs(subgraph.deps.database)).toContainEqual(ref());
    await run();
    expect((await steps()).slice(0, 2)).toEqual(['PRODUCTS DONE 120', 'CUSTOMERS DONE 70']);
  });
});
