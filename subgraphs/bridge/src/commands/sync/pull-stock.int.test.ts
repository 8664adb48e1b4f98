import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { channelSkuMapped, skuCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueStreams } from '../../queries/due-streams.js';
import { bridge } from '../../subgraph.js';
import { pullStock } from './pull-stock.js';

let subgraph: TestSubgraph;
let stage: Stage;
let sandbox: Sandbox;
let shops: Shops;
let connectionId: string;
let locationId: string;
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stage = STAGES['ZOHO']!();
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  count += 1;
  locationId = newId('loc');
  const { data } = await subgraph.ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { input: { platform: 'ZOHO', name: 'Zoho', shopDomain: String(60_000 + count), idempotencyKey: `zoho-${count}` } });
  connectionId = data!['connectChannel'].channel.id as string;
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const set = async (over: Record<string, string> = { locationId }): Promise<Json> => (await subgraph.ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code field } } }',
  { input: { channelId: connectionId, fields: Object.entries({ ...stage.settings, ...stage.secrets, ...over }).map(([name, value]) => ({ name, value })) } })).data!['setChannelAccount'].userErrors;
const pull = (): Promise<void> => pullStock(subgraph.deps, shops, { tenantId: TEST_TENANT, connectionId });
const sql = (statement: string): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, [connectionId]));
const again = (): Promise<unknown> => sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'STOCK'");
const told = async (): Promise<Json[]> => (await subgraph.recorded('bridge.outside-stock-read.v1')).filter(({ data }) => data.connectionId === connectionId).map(({ data }) => data);
const sku = async (code: string): Promise<string> => {
  const skuId = newId('sku');
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId, productId: newId('prd'), code } }));
  return skuId;
};

describe('stock that is counted outside', () => {
  it('is told for the location that follows it: all of it first, then what changed, goods of ours only', async () => {
    expect(await set()).toEqual([]);
    const [mug, tea] = [await sku(`QY-OUT-${count}`), await sku('something else')];
    await subgraph.deliver(channelSkuMapped({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId, externalSku: 'ZOHO-TEA', skuId: tea } }));
    stage.stock!(`QY-OUT-${count}`, 12);
    stage.stock!('ZOHO-TEA', 5);
    stage.stock!('NOBODY-KNOWS', 5);
    const due = [];
    for await (const batch of dueStreams(subgraph.deps.database, 'STOCK')) due.push(...batch);
    expect(due).toContainEqual({ tenantId: TEST_TENANT, connectionId });
    await Promise.all([pull(), pull()]);
    expect(await told()).toEqual([{ connectionId, locationId, takenAt: expect.any(String), figures: expect.arrayContaining([{ skuId: mug, quantity: 12 }, { skuId: tea, quantity: 5 }]) }]);
    expect((await told())[0]!.figures).toHaveLength(2);
    await pull();
    expect(await told()).toHaveLength(1);
    stage.stock!('ZOHO-TEA', 4);
    await again();
    await pull();
    expect((await told())[1]!.figures).toContainEqual({ skuId: tea, quantity: 4 });
    expect(sandbox.requests.at(-1)!.query.get('last_modified_time')).not.toBeNull();
    await sql("update sync_stream set full_at = app_now() - interval '46 minutes', next_at = app_now() where connection_id = ? and stream = 'STOCK'");
    await pull();
    expect(sandbox.requests.at(-1)!.query.get('last_modified_time')).toBeNull();
  });

  it('is not read where no location follows it', async () => {
    await set({});
    expect(await subgraph.rows(TEST_TENANT, "select 1 from sync_stream where connection_id = ? and stream = 'STOCK'", [connectionId])).toEqual([]);
  });

  it('is read on when the system answers again, its key renewed on the way', async () => {
    await set();
    const mug = await sku(`QY-BACK-${count}`);
    stage.stock!(`QY-BACK-${count}`, 3);
    sandbox.fail('zoho', 'DOWN');
    for (let n = 0; n < 3; n += 1) { await again(); await pull(); }
    expect(await subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ?', [connectionId])).toEqual([{ code: 'CHANNEL_READ_FAILING', state: 'OPEN' }]);
    sandbox.heal('zoho');
    stage.expire!();
    await shops.close();
    shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
    await again();
    await pull();
    expect((await told())[0]!.figures).toContainEqual({ skuId: mug, quantity: 3 });
    expect(await subgraph.rows(TEST_TENANT, 'select code, state from alert where subject_id = ?', [connectionId])).toEqual([{ code: 'CHANNEL_READ_FAILING', state: 'RESOLVED' }]);
  });
});
