import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { issueWaybill, type CallHandler } from '@quanyu/calls';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { orderShipped } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { connectChannel, type ConnectedChannel, openTestSubgraph, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { followParcel } from '../commands/outgoing/follow-parcel.js';
import { processWaiting } from '../commands/deliveries/process-delivery.js';
import { channelEnvironment } from '../environment.js';
import { Outbound } from '../outbound/outbound.js';
import { Shops } from '../outbound/shops.js';
import { dueFollows } from '../queries/due-parcels.js';
import { bridge } from '../subgraph.js';
import { calls } from './calls.js';

let subgraph: TestSubgraph;
let door: string;
let sandbox: Sandbox;
let shops: Shops;
let stages: Record<string, Stage>;
let handler: CallHandler;
const channels: Record<string, ConnectedChannel> = {};
const vault = testVault();
const SECRET = 'FAKE_SECRET_of_the_pushes';
let count = 0;

beforeAll(async () => {
  subgraph = await openTestSubgraph(bridge);
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());
beforeEach(async () => {
  count += 1;
  // One tenant's accounts of an earlier test are no part of this one.
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update channel_connection set status = 'DISABLED'"));
  stages = Object.fromEntries(['KUAIDI100', 'KDNIAO', 'TAOBAO'].map((platform) => [platform, STAGES[platform]!()]));
  sandbox = await startSandbox(Object.values(stages).map(({ platform }) => platform));
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  handler = calls(subgraph.deps, shops, channelEnvironment({})).find(({ name }) => name === issueWaybill.name)!;
  for (const [platform, stage] of Object.entries(stages)) {
    const shopDomain = { KUAIDI100: `${String(count).padStart(2, '0')}23456789ABCDEF0123456789ABCDEF`, KDNIAO: String(1_000_000 + count), TAOBAO: `tea${count}.taobao.com` }[platform];
    channels[platform] = await connectChannel(subgraph, { platform, shopDomain, webhookSecret: SECRET, idempotencyKey: `${platform}-${count}` }, stage);
  }
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const CLEAR = { name: '王小明', phone: '+8613700000003', address1: '样本街 3 号', address2: null, city: '成都市', province: '四川省' };
const FROM = { name: '拾光工作室', phone: '+8613900000009', address1: '样本路 9 号', city: '杭州市', province: '浙江省' };
const requestOf = (over: { requestId?: string; carrier?: string; receiver?: object; externalOrderId?: string } = {}) => {
  const orderId = newId('ord');
  return {
    tenantId: TEST_TENANT, requestId: over.requestId ?? newId('wbl'), orderId, connectionId: channels['TAOBAO']!.id, externalOrderId: over.externalOrderId ?? 'own-1', carrier: over.carrier ?? 'SF',
    sealedReceiver: vault.seal(JSON.stringify(over.receiver ?? CLEAR), { tenantId: TEST_TENANT, row: orderId, field: 'shipTo' }), sealedSender: vault.seal(JSON.stringify(FROM), { tenantId: TEST_TENANT, row: TEST_TENANT, field: 'sender' }),
    goods: '杯 x1', pieces: 1, weightGrams: 600,
  };
};
const issue = (request: object): Promise<Json> => handler.handle(request) as Promise<Json>;
const sql = (text: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(text, params));

describe('the number of a parcel', () => {
  it('comes from the account that has a contract with the carrier', async () => {
    expect([(await issue(requestOf({ carrier: 'ZTO' }))).trackingNumber, (await issue(requestOf({ carrier: 'YUNDA' }))).trackingNumber]).toEqual([expect.stringMatching(/^KD/), expect.stringMatching(/^YD/)]);
    expect(await issue(requestOf({ carrier: 'DEPPON' }))).toEqual({ kind: 'refused', code: 'NO_CARRIER_ACCOUNT', retryable: false });
  });

  it('of a receiver whom the channel masks comes from the channel, by its key, and what is printed stays sealed', async () => {
    const tid = stages['TAOBAO']!.order!(1, new Date());
    const masked = { ...CLEAR, name: '王**', phone: '*******0003', address1: '**街**号' };
    const request = requestOf({ externalOrderId: tid, receiver: { ...masked, oaid: stages['TAOBAO']!.receiverKey!(tid) } });
    const issued = await issue(request);
    expect(issued).toMatchObject({ kind: 'issued', trackingNumber: expect.stringMatching(/^TB/) });
    expect(JSON.parse(vault.open(issued.sealedPrint, { tenantId: TEST_TENANT, row: request.requestId, field: 'print' }))).toMatchObject({ encryptedData: expect.stringMatching(/^AES:/), templateURL: expect.stringContaining('cloudprint.cainiao.com') });
    expect([stages['KUAIDI100']!.numbers!().size, stages['KDNIAO']!.numbers!().size]).toEqual([0, 0]);
    // A mask that no channel of ours can lift is nobody's parcel.
    expect(await issue({ ...requestOf({ receiver: masked }), connectionId: channels['KDNIAO']!.id })).toEqual({ kind: 'refused', code: 'MASKED_RECEIVER', retryable: false });
  });

  it('is the same after an answer that got lost, a kill before it was kept, and eight at once', async () => {
    const request = requestOf();
    sandbox.fail('kuaidi100', { loseWhen: () => stages['KUAIDI100']!.numbers!().size > 0 });
    const first = await issue(request);
    const given = stages['KUAIDI100']!.numbers!().get(request.requestId)!.number;
    if (first.kind === 'refused') expect(first.retryable).toBe(true);
    expect((await issue(request)).trackingNumber).toBe(given);
    // As a kill between the answer and its keeping leaves it: the carrier was asked, and nothing else is known.
    await sql("update waybill_issue set state = 'ASKED', tracking_number = null where request_id = ?", request.requestId);
    const answers = await Promise.all(Array.from({ length: 8 }, () => issue(request)));
    expect(new Set(answers.map(({ trackingNumber }) => trackingNumber))).toEqual(new Set([given]));
    const calls = sandbox.requests.length;
    expect((await issue(request)).trackingNumber).toBe(given);
    expect([sandbox.requests.length, stages['KUAIDI100']!.numbers!().size]).toEqual([calls, 1]);
    expect(await issue({ ...request, carrier: 'ZTO' })).toEqual({ kind: 'refused', code: 'REQUEST_CHANGED', retryable: false });
  });

  it('is asked for at the same carrier while nobody knows what became of it, and not after carriers forget', async () => {
    const request = requestOf();
    sandbox.fail('kuaidi100', 'DOWN');
    expect(await issue(request)).toMatchObject({ kind: 'refused', code: 'PLATFORM_DOWN', retryable: true });
    // Kdniao has a contract with SF, too; asking it now could be a second number.
    await sql("update channel_connection set status = 'DISABLED' where id = ?", channels['KUAIDI100']!.id);
    await issue(request);
    expect(stages['KDNIAO']!.numbers!().size).toBe(0);
    const other = requestOf();
    await sql("insert into waybill_issue (request_id, tenant_id, connection_id, carrier, asked_at) values (?, ?, ?, 'SF', app_now() - interval '50 hours')", other.requestId, TEST_TENANT, channels['KDNIAO']!.id);
    expect(await issue(other)).toEqual({ kind: 'refused', code: 'UNCERTAIN', retryable: false });
    expect(stages['KDNIAO']!.numbers!().size).toBe(0);
  });
});

describe('the way of a parcel', () => {
  const post = (platform: string, body: string): Promise<Response> =>
    fetch(door + channels[platform]!.path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  const workOff = async (platform: string): Promise<Json[]> => {
    const deliveries = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from delivery where connection_id = ? order by id', [channels[platform]!.id]);
    for (const { id } of deliveries) await processWaiting(subgraph.deps, { tenantId: TEST_TENANT, connectionId: channels[platform]!.id, deliveryId: id }, shops);
    return subgraph.rows<Json>(TEST_TENANT, 'select state, reason_code from delivery where connection_id = ? order by id', [channels[platform]!.id]);
  };
  const told = async (number: string): Promise<Json[]> => (await subgraph.recorded('bridge.parcel-tracked.v1')).filter(({ subject }) => subject === number).map(({ data }) => data);

  it.each(['KUAIDI100', 'KDNIAO'])('is pushed by %s, signed, and told without its words', async (platform) => {
    const stage = stages[platform]!;
    const [number, first, last] = [`SF${count}000000001`, new Date('2026-11-20T01:00:00Z'), new Date('2026-11-21T02:00:00Z')];
    stage.scan!(number, first, '快件已揽收 王师傅 13700000003', 'IN_TRANSIT');
    stage.scan!(number, last, '已签收 王小明', 'DELIVERED');
    const { body } = stage.trackPush!(number, SECRET);
    const answer = await post(platform, body);
    expect(answer.status).toBe(200);
    const said = JSON.parse(await answer.text()) as Json;
    expect(platform === 'KUAIDI100' ? said : { ...said, UpdateTime: 'now' }).toEqual(platform === 'KUAIDI100' ? { result: true, returnCode: '200', message: '成功' } : { EBusinessID: '1234567', UpdateTime: 'now', Success: true, Reason: '' });
    await post(platform, body);
    expect(await workOff(platform)).toEqual([{ state: 'DONE', reason_code: null }]);
    expect(await told(number)).toEqual([{ connectionId: channels[platform]!.id, trackingNumber: number, state: 'DELIVERED', at: last.toISOString(), firstAt: first.toISOString() }]);
    // The same again, later: a fact that whoever hears it knows already.
    await post(platform, body);
    await workOff(platform);
    expect(new Set((await told(number)).map((data) => JSON.stringify(data))).size).toBe(1);
  });

  it.each(['KUAIDI100', 'KDNIAO'])('is not believed where %s has not signed it', async (platform) => {
    const { body } = stages[platform]!.trackPush!('SF1', SECRET);
    const forged = new URLSearchParams(body);
    for (const name of ['sign', 'DataSign']) if (forged.has(name)) forged.set(name, `${forged.get(name)!.slice(0, -2)}xx`);
    const bare = new URLSearchParams(body);
    for (const name of ['sign', 'DataSign']) bare.delete(name);
    expect([(await post(platform, forged.toString())).status, (await post(platform, bare.toString())).status, (await post(platform, '')).status]).toEqual([401, 401, 401]);
    expect(await workOff(platform)).toEqual([]);
  });

  it('is asked for once for each parcel that we send, by who numbered it, and again when the platform was away', async () => {
    const { trackingNumber } = await issue(requestOf());
    const shipped = orderShipped({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: newId('ord'), connectionId: newId('con'), parcelId: newId('prl'), externalOrderId: 'x', by: 'US', carrier: 'SF', trackingNumber, lines: [], complete: true, shippedAt: new Date().toISOString(), confirmedAt: null } });
    const event = await subgraph.deliver(shipped);
    await subgraph.redeliver(event);
    const follow = async (): Promise<void> => { for (const ref of await dueFollows(subgraph.deps.database)) await followParcel(subgraph.deps, shops, 'https://shop.example.com', ref); };
    sandbox.fail('kuaidi100', 'DOWN');
    await follow();
    expect(stages['KUAIDI100']!.followed!()).toEqual([]);
    sandbox.heal('kuaidi100');
    await sql("update parcel_follow set next_at = app_now() where state = 'DUE'");
    await follow();
    await follow();
    expect(stages['KUAIDI100']!.followed!()).toEqual([trackingNumber]);
    const asked = sandbox.requests.filter(({ path }) => path === '/poll').map(({ body }) => JSON.parse(new URLSearchParams(body.toString()).get('param')!) as Json);
    expect(asked.at(-1)).toMatchObject({ number: trackingNumber, parameters: { callbackurl: `https://shop.example.com${channels['KUAIDI100']!.path}`, salt: SECRET, phone: '0003' } });
    expect(await subgraph.rows(TEST_TENANT, 'select state from parcel_follow')).toEqual([{ state: 'FOLLOWED' }]);
  });
});
