import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { channelSkuMapped, orderShipped, publishChanged, skuCreated, type EventDraft } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { connectChannel, openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueLanes } from '../../queries/due-figures.js';
import { dueParcels } from '../../queries/due-parcels.js';
import { bridge } from '../../subgraph.js';
import { pushParcel } from './push-parcel.js';
import { pushStock } from './push-stock.js';

let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shops: Shops;
let stages: Record<string, Stage>;
const channels: Record<string, string> = {};
let count = 0;

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  stages = Object.fromEntries(['TAOBAO', 'ZOHO', 'DOUYIN', 'SHIPSTATION'].map((platform) => [platform, STAGES[platform]!()]));
  sandbox = await startSandbox(Object.values(stages).map(({ platform }) => platform));
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  count += 1;
  for (const [platform, stage] of Object.entries(stages)) {
    const shopDomain = platform === 'TAOBAO' ? `tea${count}.taobao.com` : String(10_000 + count);
    channels[platform] = (await connectChannel(subgraph, { platform, shopDomain, idempotencyKey: `${platform}-${count}` }, stage)).id;
  }
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const deliver = async (...drafts: readonly EventDraft[]): Promise<void> => { for (const draft of drafts) await subgraph.deliver(draft); };
const ref = (platform: string) => ({ tenantId: TEST_TENANT, connectionId: channels[platform]! });
const sql = (statement: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, params));
const alerts = (platform: string): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, 'select code, state from alert where subject_id = ? order by id', [channels[platform]]);

describe('stock', () => {
  const told = async (platform: string): Promise<Json[]> => (await subgraph.recorded('bridge.stock-published.v1')).filter(({ data }) => data.connectionId === channels[platform]).map(({ data: { publishSequence, outcome, failureCode } }) => ({ publishSequence, outcome, failureCode }));
  const publish = (platform: string, skuId: string, quantity: number, sequence: number) => publishChanged({ tenantId: TEST_TENANT, sequence, data: { connectionId: channels[platform]!, skuId, quantity, previous: null } });
  const push = (platform: string): Promise<void> => pushStock(subgraph.deps, shops, ref(platform));
  const now = (platform: string): Promise<unknown> => sql('update stock_lane set next_at = app_now(), failures = failures where connection_id = ?', channels[platform]);
  /** A SKU whose code is this. */
  const sku = async (code: string): Promise<string> => {
    const skuId = newId('sku');
    await deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId, productId: newId('prd'), code } }));
    return skuId;
  };
  const mapped = (platform: string, skuId: string, externalSku: string) => deliver(channelSkuMapped({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId: channels[platform]!, externalSku, skuId } }));

  it('is told to each channel under its own name, changed SKUs only, and the answer is told back', async () => {
    const mug = await sku(`QY-MUG-${count}`);
    const tea = await sku(`QY-TEA-${count}`);
    stages['TAOBAO']!.stock!(`TB-MUG`, 1);
    stages['TAOBAO']!.stock!(`QY-TEA-${count}`, 1);
    stages['DOUYIN']!.stock!(`QY-MUG-${count}`, 1);
    await mapped('TAOBAO', mug, 'TB-MUG');
    await deliver(publish('TAOBAO', mug, 7, 1), publish('TAOBAO', tea, 9, 1), publish('DOUYIN', mug, 5, 1));
    expect(await dueLanes(subgraph.deps.database)).toEqual(expect.arrayContaining([ref('TAOBAO'), ref('DOUYIN')]));
    await push('TAOBAO');
    await push('DOUYIN');
    expect([stages['TAOBAO']!.unitsOf!('TB-MUG'), stages['TAOBAO']!.unitsOf!(`QY-TEA-${count}`), stages['DOUYIN']!.unitsOf!(`QY-MUG-${count}`)]).toEqual([7, 9, 5]);
    expect(await told('TAOBAO')).toEqual([{ publishSequence: 1, outcome: 'ACCEPTED', failureCode: null }, { publishSequence: 1, outcome: 'ACCEPTED', failureCode: null }]);
    const calls = sandbox.requests.length;
    await deliver(publish('TAOBAO', mug, 6, 2));
    await push('TAOBAO');
    expect(stages['TAOBAO']!.unitsOf!('TB-MUG')).toBe(6);
    expect(sandbox.requests.length - calls).toBe(2);
  });

  it('that comes twice, late or out of order is told once, and the newest figure stays', async () => {
    const mug = await sku(`QY-ORDER-${count}`);
    stages['TAOBAO']!.stock!(`QY-ORDER-${count}`, 1);
    const [first, second] = [publish('TAOBAO', mug, 7, 1), publish('TAOBAO', mug, 8, 2)];
    await deliver(second, first, second);
    await Promise.all([push('TAOBAO'), push('TAOBAO'), push('TAOBAO')]);
    expect(stages['TAOBAO']!.unitsOf!(`QY-ORDER-${count}`)).toBe(8);
    expect(await told('TAOBAO')).toEqual([{ publishSequence: 2, outcome: 'ACCEPTED', failureCode: null }]);
    await deliver(first);
    await push('TAOBAO');
    expect(stages['TAOBAO']!.unitsOf!(`QY-ORDER-${count}`)).toBe(8);
  });

  it('is compared with what the shop shows where that can be; what it sold meanwhile is not given back to it', async () => {
    const mug = await sku(`QY-ZOHO-${count}`);
    const zoho = stages['ZOHO']!;
    zoho.stock!(`QY-ZOHO-${count}`, 10);
    await deliver(publish('ZOHO', mug, 10, 1));
    await push('ZOHO');
    zoho.stock!(`QY-ZOHO-${count}`, 9);
    await deliver(publish('ZOHO', mug, 12, 2));
    await push('ZOHO');
    expect(zoho.unitsOf!(`QY-ZOHO-${count}`)).toBe(9);
    expect(await told('ZOHO')).toHaveLength(1);
    await deliver(publish('ZOHO', mug, 11, 3));
    await sql('update stock_push set attempts = 1 where connection_id = ?', channels['ZOHO']);
    await push('ZOHO');
    expect(zoho.unitsOf!(`QY-ZOHO-${count}`)).toBe(11);
    expect((await told('ZOHO')).at(-1)).toEqual({ publishSequence: 3, outcome: 'ACCEPTED', failureCode: null });
  });

  it('of a channel that is down waits, longer each time, and holds up no other; then all of it is told', async () => {
    const mug = await sku(`QY-DOWN-${count}`);
    for (const platform of ['TAOBAO', 'DOUYIN']) { stages[platform]!.stock!(`QY-DOWN-${count}`, 1); await deliver(publish(platform, mug, 4, 1)); }
    sandbox.fail('taobao', 'DOWN');
    for (let n = 0; n < 3; n += 1) { await now('TAOBAO'); await push('TAOBAO'); }
    await push('DOUYIN');
    expect([stages['TAOBAO']!.unitsOf!(`QY-DOWN-${count}`), stages['DOUYIN']!.unitsOf!(`QY-DOWN-${count}`)]).toEqual([1, 4]);
    expect(await told('TAOBAO')).toEqual([{ publishSequence: 1, outcome: 'FAILED', failureCode: expect.stringMatching(/PLATFORM_DOWN|CIRCUIT_OPEN/) }]);
    expect(await dueLanes(subgraph.deps.database)).not.toContainEqual(ref('TAOBAO'));
    sandbox.heal('taobao');
    await shops.close();
    shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
    await now('TAOBAO');
    await push('TAOBAO');
    expect(stages['TAOBAO']!.unitsOf!(`QY-DOWN-${count}`)).toBe(4);
    expect((await told('TAOBAO')).at(-1)).toEqual({ publishSequence: 1, outcome: 'ACCEPTED', failureCode: null });
  });

  it('waits as long as a channel says that it is asked too often', async () => {
    const mug = await sku(`QY-FAST-${count}`);
    stages['TAOBAO']!.stock!(`QY-FAST-${count}`, 1);
    await deliver(publish('TAOBAO', mug, 4, 1));
    sandbox.fail('taobao', stages['TAOBAO']!.throttled);
    await push('TAOBAO');
    expect(await told('TAOBAO')).toEqual([]);
    sandbox.heal('taobao');
    const [{ wait }] = await subgraph.rows<{ wait: number }>(TEST_TENANT, 'select extract(epoch from next_at - app_now())::float as wait from stock_lane where connection_id = ?', [channels['TAOBAO']]) as [{ wait: number }];
    expect(wait).toBeLessThanOrEqual(1);
    await now('TAOBAO');
    await push('TAOBAO');
    expect(stages['TAOBAO']!.unitsOf!(`QY-FAST-${count}`)).toBe(4);
  });

  it('of goods that a channel should have and has not is told back; of goods that it never had is not', async () => {
    const [gone, never] = [await sku(`QY-GONE-${count}`), await sku(`QY-NEVER-${count}`)];
    await mapped('TAOBAO', gone, 'TB-GONE');
    await deliver(publish('TAOBAO', gone, 4, 1), publish('TAOBAO', never, 4, 1));
    await push('TAOBAO');
    const outcomes = await told('TAOBAO');
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toEqual(expect.arrayContaining([{ publishSequence: 1, outcome: 'FAILED', failureCode: 'UNKNOWN_SKU' }, { publishSequence: 1, outcome: 'ACCEPTED', failureCode: null }]));
  });

  it('does not fail as a whole because one of it is refused', async () => {
    const [mug, bad] = [await sku(`QY-GOOD-${count}`), await sku(`QY-BAD-${count}`)];
    const zoho = stages['ZOHO']!;
    zoho.stock!(`QY-GOOD-${count}`, 1);
    zoho.stock!(`QY-BAD-${count}`, 1);
    await deliver(publish('ZOHO', mug, 4, 1), publish('ZOHO', bad, 5, 1));
    const answer = zoho.platform.answer.bind(zoho.platform);
    (zoho.platform as { answer: typeof answer }).answer = (request) => (request.path.endsWith('/inventoryadjustments') && /quantity_adjusted":4/.test(request.body.toString()) ? { status: 400, body: '{"code":1038,"message":"refused"}' } : answer(request));
    await push('ZOHO');
    expect([zoho.unitsOf!(`QY-GOOD-${count}`), zoho.unitsOf!(`QY-BAD-${count}`)]).toEqual([4, 1]);
    expect((await told('ZOHO')).map(({ outcome, failureCode }) => [outcome, failureCode]).sort()).toEqual([['ACCEPTED', null], ['FAILED', '1038']]);
  });

  it('cannot be told to who takes none, and that is told once', async () => {
    const mug = await sku(`QY-SHIP-${count}`);
    await deliver(publish('SHIPSTATION', mug, 4, 1));
    await push('SHIPSTATION');
    await now('SHIPSTATION');
    await push('SHIPSTATION');
    expect(await told('SHIPSTATION')).toEqual([{ publishSequence: 1, outcome: 'FAILED', failureCode: 'NOT_SUPPORTED' }]);
  });
});

describe('a parcel', () => {
  const shipped = (platform: string, externalOrderId: string, over: object = {}) => {
    const parcelId = newId('req');
    return { parcelId, event: orderShipped({ tenantId: TEST_TENANT, sequence: 1, data: {
      orderId: newId('ord'), connectionId: channels[platform]!, parcelId, externalOrderId, by: 'US', carrier: 'SF', trackingNumber: 'SF0000000000001', lines: [], complete: true, shippedAt: '2026-03-01T12:00:00.000Z', confirmedAt: null, ...over,
    } }) };
  };
  const push = (platform: string, parcelId: string): Promise<void> => pushParcel(subgraph.deps, shops, { ...ref(platform), parcelId });
  const written = async (platform: string): Promise<Json[]> => (await subgraph.recorded('bridge.tracking-written.v1')).filter(({ data }) => data.connectionId === channels[platform]).map(({ data }) => data);
  const state = async (parcelId: string): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT, 'select state, attempts, failure_code from parcel_push where id = ?', [parcelId]))[0]!;
  const now = (parcelId: string): Promise<unknown> => sql('update parcel_push set next_at = app_now(), leased_until = null where id = ?', parcelId);

  it('is told to its channel once, whatever comes twice', async () => {
    const id = stages['TAOBAO']!.order!(1, new Date());
    const { parcelId, event } = shipped('TAOBAO', id);
    await deliver(event, event);
    expect(await dueParcels(subgraph.deps.database)).toContainEqual({ ...ref('TAOBAO'), parcelId });
    await Promise.all([push('TAOBAO', parcelId), push('TAOBAO', parcelId)]);
    await push('TAOBAO', parcelId);
    expect(stages['TAOBAO']!.parcelsOf!(id)).toHaveLength(1);
    expect(await written('TAOBAO')).toMatchObject([{ parcelId, externalOrderId: id, trackingNumber: 'SF0000000000001' }]);
    // The same number under another parcel is the same parcel.
    await deliver(shipped('TAOBAO', id).event);
    expect((await dueParcels(subgraph.deps.database)).filter(({ connectionId }) => connectionId === channels['TAOBAO'])).toEqual([]);
  });

  it('that the channel has already is a success', async () => {
    const id = stages['DOUYIN']!.order!(1, new Date());
    const { parcelId, event } = shipped('DOUYIN', id);
    await deliver(event);
    sandbox.fail('douyin', { loseWhen: () => stages['DOUYIN']!.parcelsOf!(id).length > 0 });
    await push('DOUYIN', parcelId);
    expect(await state(parcelId)).toMatchObject({ state: 'DUE', attempts: 1, failure_code: 'PLATFORM_UNREACHABLE' });
    await now(parcelId);
    await push('DOUYIN', parcelId);
    expect(await state(parcelId)).toMatchObject({ state: 'ALREADY_THERE', failure_code: null });
    expect(await written('DOUYIN')).toHaveLength(1);
  });

  it('that the channel told us of is not told back to it, nor one without a number', async () => {
    const id = stages['TAOBAO']!.order!(1, new Date());
    await deliver(shipped('TAOBAO', id, { by: 'CHANNEL' }).event, shipped('TAOBAO', id, { trackingNumber: null }).event);
    expect(await subgraph.rows(TEST_TENANT, 'select 1 from parcel_push where connection_id = ?', [channels['TAOBAO']])).toEqual([]);
  });

  it('that a channel refuses for good is told to a person, and the alert ends with the next that is taken', async () => {
    const { parcelId, event } = shipped('TAOBAO', '404');
    await deliver(event);
    await push('TAOBAO', parcelId);
    expect(await state(parcelId)).toMatchObject({ state: 'DEAD', failure_code: '15 isv.trade-not-exist' });
    expect(await alerts('TAOBAO')).toEqual([{ code: 'TRACKING_NOT_WRITTEN', state: 'OPEN' }]);
    await sql("update parcel_push set state = 'NOT_SUPPORTED' where id = ?", parcelId);
    const id = stages['TAOBAO']!.order!(2, new Date());
    const next = shipped('TAOBAO', id);
    await deliver(next.event);
    await push('TAOBAO', next.parcelId);
    expect(await alerts('TAOBAO')).toEqual([{ code: 'TRACKING_NOT_WRITTEN', state: 'RESOLVED' }]);
  });

  it('that was given up is told when a person says so, and the channel shows what waits in one statement', async () => {
    const { parcelId, event } = shipped('TAOBAO', '404');
    await deliver(event);
    await push('TAOBAO', parcelId);
    const ask = 'query { channels(first: 50) { nodes { id writing { stockWaiting stockFailed parcelsWaiting parcelsFailed lastErrorCode } } } }';
    let shown: Json = null;
    const counted = await subgraph.sql.during(async () => { shown = (await subgraph.ask(ask)).data!['channels'].nodes.find((node: Json) => node.id === channels['TAOBAO']); });
    expect(shown.writing).toEqual({ stockWaiting: 0, stockFailed: 0, parcelsWaiting: 0, parcelsFailed: 1, lastErrorCode: null });
    expect(counted).toHaveLength(2);
    const retry = 'mutation($id: ID!) { retryChannelWrites(input: { channelId: $id }) { channel { writing { parcelsWaiting parcelsFailed } } userErrors { code } } }';
    expect((await subgraph.ask(retry, { id: channels['TAOBAO'] })).data!['retryChannelWrites']).toEqual({ channel: { writing: { parcelsWaiting: 1, parcelsFailed: 0 } }, userErrors: [] });
    expect((await subgraph.ask(retry, { id: channels['TAOBAO'] }, staffOf('ten_00000000000000000000000002'))).data!['retryChannelWrites'].userErrors).toEqual([{ code: 'CHANNEL_NOT_FOUND' }]);
  });

  it('waits for a channel that is down, in steps, and gives up after the last one', async () => {
    const id = stages['TAOBAO']!.order!(1, new Date());
    const { parcelId, event } = shipped('TAOBAO', id);
    await deliver(event);
    sandbox.fail('taobao', 'DOWN');
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      await now(parcelId);
      await push('TAOBAO', parcelId);
      const [{ wait }] = await subgraph.rows<{ wait: number }>(TEST_TENANT, 'select round(extract(epoch from next_at - app_now()))::int as wait from parcel_push where id = ?', [parcelId]) as [{ wait: number }];
      waits.push(wait);
    }
    expect(waits.slice(0, 6)).toEqual([5, 300, 1800, 7200, 18000, 36000]);
    expect(await state(parcelId)).toMatchObject({ state: 'DEAD', attempts: 7 });
    expect(await alerts('TAOBAO')).toEqual([{ code: 'TRACKING_NOT_WRITTEN', state: 'OPEN' }]);
  });
});
