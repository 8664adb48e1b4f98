import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueStreams, type StreamRef } from '../../queries/due-streams.js';
import { bridge } from '../../subgraph.js';
import type { ListingKind } from './keep-listed.js';
import { pullOrders } from './pull-orders.js';
import { readListing } from './read-listing.js';

let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shops: Shops;
let stage: Stage;
let ref: StreamRef;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['SHOPLAZZA']!();
  stage.fill!(60, 3);
  sandbox = await startSandbox([stage.platform]);
  fresh();
  const { data } = await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'SHOPLAZZA', name: 'Shop', shopDomain: `${newId('req').slice(4).replaceAll('_', '')}.myshoplaza.com`, idempotencyKey: newId('req') } });
  ref = { tenantId: TEST_TENANT, connectionId: data!['connectChannel'].channel.id as string };
  await sql('update channel_connection set shop_domain = null where shop_domain = ?', stage.shopDomain);
  await sql('update channel_connection set shop_domain = ? where id = ?', stage.shopDomain, ref.connectionId);
  await setAccount({ ...stage.settings, ...stage.secrets });
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const fresh = (): void => { shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 })); };
const setAccount = async (fields: Readonly<Record<string, string>>): Promise<readonly Json[]> => (await subgraph.ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }',
  { input: { channelId: ref.connectionId, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) } })).data!['setChannelAccount'].userErrors as Json[];
const sql = (statement: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, params));
const read = async (kind: ListingKind = 'GOODS', over = ''): Promise<void> => {
  await sql(`update sync_stream set next_at = app_now()${over} where connection_id = ? and stream = ?`, ref.connectionId, kind);
  await readListing(subgraph.deps, shops, ref, kind);
};
/** A day later. */
const readWhole = (kind: ListingKind = 'GOODS'): Promise<void> => read(kind, ", full_at = app_now() - interval '25 hours'");
const told = async (what: 'product' | 'customer' = 'product'): Promise<Json[]> => (await subgraph.recorded(`bridge.channel-${what}-told.v1`)).map(({ data }) => data as Json).filter(({ connectionId }) => connectionId === ref.connectionId);
const gone = async (what: 'product' | 'customer' = 'product'): Promise<Json[]> => (await told(what)).filter(({ removed }) => removed);
const stream = async (kind: string): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT,
  "select round(extract(epoch from next_at - app_now()) / 60)::int as minutes, failures, extract(hour from next_at at time zone interval '8 hours')::int as hour, round(extract(epoch from app_now() - cursor_at) / 3600)::int as hours from sync_stream where connection_id = ? and stream = ?", [ref.connectionId, kind]))[0]!;

describe('what a connected shop sells, and who has an account there', () => {
  it('is read every hour: only what changed, and the same is told once', async () => {
    await read();
    expect([(await told()).length, (await stream('GOODS')).minutes]).toEqual([60, 60]);
    await read();
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/products')).map(({ query }) => query.has('updated_at_min'))).toEqual([false, false, true]);
    await readWhole();
    expect(await told()).toHaveLength(60);
    await read('CUSTOMERS');
    await readWhole('CUSTOMERS');
    expect([(await told('customer')).length, (await stream('CUSTOMERS')).hour]).toEqual([3, 4]);
  });

  it('is read as a whole once a day, which finds what is gone, and what is there again', async () => {
    await read();
    stage.unlist!(5);
    await read();
    expect(await gone()).toEqual([]);
    await readWhole();
    expect((await gone()).map(({ externalProductId }) => externalProductId)).toEqual(['p5']);
    expect(await subgraph.rows(TEST_TENANT, "select 1 from channel_goods where connection_id = ? and external_product_id = 'p5'", [ref.connectionId])).toEqual([]);
    stage.fill!(60, 0);
    await readWhole();
    const [first, , last] = (await told()).filter(({ externalProductId }) => externalProductId === 'p5');
    expect([last!.removed, last!.changedAt === first!.changedAt, last!.readAt > first!.readAt]).toEqual([false, true, true]);
    await read('CUSTOMERS');
    expect(await gone('customer')).toEqual([]);
  });

  it('takes nothing for gone whose list is older than what a push told', async () => {
    await read();
    await sql("update channel_listing set changed_at = '2026-04-01', read_at = app_now() - interval '1 hour', seen_at = app_now() - interval '1 hour', hash = 'newer' where connection_id = ? and external_id = 'p7'", ref.connectionId);
    await readWhole();
    expect([await gone(), (await told()).filter(({ externalProductId }) => externalProductId === 'p7').length]).toEqual([[], 1]);
  });

  it('takes nothing that could not be read for gone, and does not wait for it', async () => {
    await read();
    stage.garble!(7);
    stage.unlist!(9);
    await readWhole();
    expect(await gone()).toEqual([]);
    expect((await stream('GOODS')).failures).toBe(0);
  });

  it('goes on behind the last page that was kept, when whoever read it was killed', async () => {
    await sql("update sync_stream set lease = 'run_dead', leased_until = app_now() - interval '1 second', next_at = app_now(), window_to = app_now() - interval '1 minute', page = 'ALL|products:CNY:2' where connection_id = ? and stream = 'GOODS'", ref.connectionId);
    await Promise.all([readListing(subgraph.deps, shops, ref, 'GOODS'), readListing(subgraph.deps, shops, ref, 'GOODS')]);
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/products')).map(({ query }) => query.get('page'))).toEqual(['2']);
    expect(await told()).toHaveLength(10);
  });

  it('is tried again by and by, rings after the third time, and a shop that fails stops no other', async () => {
    sandbox.fail('shoplazza', 'DOWN');
    for (let n = 0; n < 3; n += 1) { await shops.close(); fresh(); await read(); }
    const alerts = await subgraph.rows<Json>(TEST_TENANT, "select code, state from alert where subject_id = ? and code = 'CHANNEL_READ_FAILING'", [ref.connectionId]);
    expect([alerts, (await stream('GOODS')).minutes]).toEqual([[{ code: 'CHANNEL_READ_FAILING', state: 'OPEN' }], 30]);
    sandbox.heal('shoplazza');
    await shops.close();
    fresh();
    await read();
    expect(await subgraph.rows<Json>(TEST_TENANT, "select state from alert where subject_id = ? and code = 'CHANNEL_READ_FAILING'", [ref.connectionId])).toEqual([{ state: 'RESOLVED' }]);
    expect(await told()).toHaveLength(60);
  });

  it('is read when its people want it, and a plan that cannot be is refused', async () => {
    expect(await setAccount({ goodsEveryMinutes: '15', customersAtHour: '2', ordersEveryMinutes: '7' })).toEqual([]);
    await read();
    await read('CUSTOMERS');
    await sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'ORDERS'", ref.connectionId);
    await pullOrders(subgraph.deps, shops, ref);
    expect([(await stream('GOODS')).minutes, (await stream('CUSTOMERS')).hour, (await stream('ORDERS')).minutes]).toEqual([15, 2, 7]);
    for (const [name, value] of [['goodsEveryMinutes', '0'], ['goodsEveryMinutes', '1441'], ['customersAtHour', '24'], ['ordersEveryMinutes', 'often']] as const) expect(await setAccount({ [name]: value })).toEqual([{ code: 'ACCOUNT_FIELD_INVALID', field: ['fields', name] }]);
  });

  it('is found by whoever looks for work, as long as the channel is on', async () => {
    const due = async (): Promise<boolean> => { for await (const batch of dueStreams(subgraph.deps.database, 'GOODS')) if (batch.some(({ connectionId }) => connectionId === ref.connectionId)) return true; return false; };
    expect(await due()).toBe(true);
    await sql("update channel_connection set status = 'DISABLED' where id = ?", ref.connectionId);
    expect(await due()).toBe(false);
  });
});

describe('the orders of a shop', () => {
  it('of the last day are read again each night at three, once', async () => {
    const next = (over = ''): Promise<unknown> => sql(`update sync_stream set next_at = app_now(), cursor_at = app_now()${over} where connection_id = ? and stream = 'ORDERS'`, ref.connectionId);
    const from = (): number => { const [asked] = sandbox.requests.filter(({ path }) => path.endsWith('/orders/count')).slice(-1); return Math.round((Date.now() - Date.parse(asked!.query.get('updated_at_min')!)) / 3_600_000); };
    await next(", full_at = app_now() - interval '25 hours'");
    const asked = sandbox.requests.length;
    await pullOrders(subgraph.deps, shops, ref);
    const [first] = sandbox.requests.slice(asked).filter(({ path }) => path.endsWith('/orders/count'));
    expect(Math.round((Date.now() - Date.parse(first!.query.get('updated_at_min')!)) / 3_600_000)).toBe(24);
    await next(", window_to = null, page = null");
    await sql("update sync_stream set cursor_at = app_now() - interval '2 hours' where connection_id = ? and stream = 'ORDERS'", ref.connectionId);
    await pullOrders(subgraph.deps, shops, ref);
    expect(from()).toBe(2);
  });
});
