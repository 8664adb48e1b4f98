import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchOpenOrders } from '@quanyu/calls';
import { fingerprintOf, orderCsv, sftpStage, startSandbox, type Sandbox } from '@quanyu/channel-sandbox';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { calls } from '../../http/calls.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { bridge } from '../../subgraph.js';
import { processWaiting } from '../deliveries/process-delivery.js';
import { pullOrders } from './pull-orders.js';

const AT = new Date('2026-03-01T02:00:00Z');
let subgraph: TestSubgraph;
let stage: ReturnType<typeof sftpStage>;
let sandbox: Sandbox;
let shops: Shops;
let connectionId: string;
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  count += 1;
  stage = sftpStage(`files${count}.partner.example`);
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1, brokenMs: 1 }));
  const { data } = await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'SFTP', name: 'Partner', shopDomain: stage.shopDomain, idempotencyKey: stage.shopDomain } });
  connectionId = data!['connectChannel'].channel.id as string;
  expect(await set({ ...stage.settings, ...stage.secrets })).toEqual([]);
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const set = async (fields: Record<string, string>): Promise<Json> => (await subgraph.ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }',
  { input: { channelId: connectionId, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) } })).data!['setChannelAccount'].userErrors;
const pull = async (): Promise<void> => {
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update sync_stream set next_at = app_now() where connection_id = ?', [connectionId]));
  await pullOrders(subgraph.deps, shops, { tenantId: TEST_TENANT, connectionId });
};
const deliveries = (): Promise<{ id: string; state: string; reason_path: string | null }[]> => subgraph.rows(TEST_TENANT, 'select id, state, reason_path from delivery where connection_id = ? order by id', [connectionId]);
const workOff = async (): Promise<void> => { for (const { id: deliveryId } of await deliveries()) await processWaiting(subgraph.deps, { tenantId: TEST_TENANT, deliveryId, connectionId }, shops); };
const received = async (): Promise<Json[]> => (await subgraph.recorded('bridge.order-received.v1')).filter(({ data }) => data.connectionId === connectionId).map(({ data }) => data.externalOrderId);
const alerts = (): Promise<Json[]> => subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ? order by id', [connectionId]);

describe('orders in a partner\'s files', () => {
  it('are kept before a file is moved away: cut off in between they are read twice and told once', async () => {
    stage.files.folders.write('/orders/a.csv', orderCsv('P-1', AT), AT);
    stage.files.readOnly = true;
    await pull();
    expect([(await deliveries()).length, stage.waiting!()]).toEqual([1, ['a.csv']]);
    stage.files.readOnly = false;
    await pull();
    await workOff();
    expect([await received(), stage.waiting!(), stage.files.folders.names('/orders/archive').length]).toEqual([['P-1'], [], 1]);
  });

  it('that are wrong wait for a person, by file, line and column, and the others go on', async () => {
    stage.files.folders.write('/orders/a.csv', orderCsv('P-1', AT, ['P-2,,MUG,,many,1.00,0,0,,,,,,,']), AT);
    await pull();
    await workOff();
    expect(await received()).toEqual(['P-1']);
    expect((await deliveries()).map(({ state, reason_path }) => [state, reason_path])).toEqual(expect.arrayContaining([['DONE', null], ['DEAD', 'a.csv:6 quantity']]));
    expect(await alerts()).toEqual([{ code: 'DELIVERY_DEAD', state: 'OPEN' }]);
    // Mended, with the same time: it is another file, and the order was never taken.
    stage.files.folders.write('/orders/a.csv', orderCsv('P-2', AT), AT);
    await pull();
    await workOff();
    expect(await received()).toEqual(['P-1', 'P-2']);
  });

  it('wait while the server has another key, somebody hears of it at once, and all goes on when it is known', async () => {
    stage.files.folders.write('/orders/a.csv', orderCsv('P-1', AT), AT);
    await set({ hostKeys: fingerprintOf(sftpStage().files.hostKey.public) });
    await pull();
    expect([await alerts(), stage.waiting!(), await deliveries()]).toEqual([[{ code: 'CHANNEL_HOST_KEY_CHANGED', state: 'OPEN' }], ['a.csv'], []]);
    await set({ hostKeys: stage.settings['hostKeys']! });
    await pull();
    expect([await alerts(), stage.waiting!()]).toEqual([[{ code: 'CHANNEL_HOST_KEY_CHANGED', state: 'RESOLVED' }], []]);
  });

  it('are not open orders of a shop that lacks some here', async () => {
    stage.files.folders.write('/orders/a.csv', orderCsv('P-1', AT), AT);
    const handler = calls(subgraph.deps, shops, channelEnvironment({})).find(({ name }) => name === fetchOpenOrders.name)!;
    expect(await handler.handle({ tenantId: TEST_TENANT, connectionId, changedBefore: new Date().toISOString(), after: null })).toEqual({ orders: [], next: null });
  });

  it('are asked for with settings that can be kept', async () => {
    for (const fields of [{ hostKeys: 'MD5:00' }, { columns: '{"order_id":"a",}' }, { columns: '{"__proto__":"a"}' }, { columns: '{"order_id":1}' }, { orders: '../other' }, { orders: 'a/../../b' }, { settleSeconds: '61' }, { utcOffset: '+15:00' }, { delimiter: 'x' }]) {
      expect([fields, await set(fields as unknown as Record<string, string>)]).toEqual([fields, [{ code: 'ACCOUNT_FIELD_INVALID', field: ['fields', Object.keys(fields)[0]] }]]);
    }
    expect(await set({ columns: '{"order_id":"订单编号", "sku":"商家编码"}', orders: 'out/订单' })).toEqual([]);
  });
});
