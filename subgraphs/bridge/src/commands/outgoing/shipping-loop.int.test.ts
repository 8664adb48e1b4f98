import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, orderToShip } from '@quanyu/calls';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { channelSkuMapped, orderCancelled, orderConfirmed, skuCreated } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { configureLog } from '@quanyu/telemetry';
import { connectChannel, openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import { Outbound } from '../../outbound/outbound.js';
import { Shops } from '../../outbound/shops.js';
import { dueOutgoingOrders } from '../../queries/due-outgoing-orders.js';
import { bridge } from '../../subgraph.js';
import { checkWebhooks } from '../connections/check-webhooks.js';
import { processWaiting } from '../deliveries/process-delivery.js';
import { pullParcels } from '../sync/pull-parcels.js';
import { compareGivenOrders } from './compare-given-orders.js';
import { pushOrder } from './push-order.js';

// Orders of a channel go to who ships them, and what was packed comes back as a fact for orders.

let subgraph: TestSubgraph;
let door: string;
let sandbox: Sandbox;
let shops: Shops;
let stages: Record<string, Stage>;
const channels: Record<string, string> = {};
/** What orders would answer, by its order's id. */
const known = new Map<string, Json>();
let count = 0;

beforeAll(async () => {
  const calls = new InProcessCalls();
  calls.add([answer(orderToShip, ({ orderId }) => Promise.resolve(known.get(orderId) ?? { kind: 'over' }))]);
  subgraph = await openTestSubgraph(bridge, { calls });
  door = await subgraph.listen();
});
afterAll(() => subgraph.close());
beforeEach(async () => {
  stages = Object.fromEntries(['TAOBAO', 'SHIPSTATION', 'ZOHO'].map((platform) => [platform, STAGES[platform]!()]));
  sandbox = await startSandbox(Object.values(stages).map(({ platform }) => platform));
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  count += 1;
  // Those of the test before would take this one's orders.
  await sql("update channel_connection set status = 'DISABLED'");
  for (const [platform, stage] of Object.entries(stages)) {
    const shopDomain = platform === 'TAOBAO' ? `loop${count}.taobao.com` : String(70_000 + count);
    channels[platform] = (await connectChannel(subgraph, { platform, shopDomain, webhookSecret: SECRET, idempotencyKey: `loop-${platform}-${count}` }, stage)).id;
  }
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

const SECRET = 'FAKE_SECRET_in_the_address';
const sql = (statement: string, ...params: unknown[]): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(statement, params));
const ref = (platform: string) => ({ tenantId: TEST_TENANT, connectionId: channels[platform]! });
const AMOUNTS = { currency: 'CNY', itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, taxMinor: 0, taxesIncluded: true, totalMinor: 8550 };

/** An order of Taobao that is paid and held; gives its id. */
async function confirmed(over: { readonly from?: string; readonly kind?: string; readonly notes?: object } = {}): Promise<Id<'ord'>> {
  const orderId = newId('ord');
  const [mug, tea] = [newId('sku'), newId('sku')];
  for (const [skuId, code] of [[mug, 'QY-MUG-WHT'], [tea, 'QY-TEA-250']] as const) await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId, productId: newId('prd'), code } }));
  await subgraph.deliver(channelSkuMapped({ tenantId: TEST_TENANT, sequence: 1, data: { connectionId: channels['TAOBAO']!, externalSku: 'TB-MUG', skuId: mug } }));
  known.set(orderId, over.kind === undefined ? { kind: 'ship', order: {
    connectionId: channels['TAOBAO'], platform: 'TAOBAO', externalOrderId: '3047218903434971123', orderNumber: `T-${orderId.slice(-6)}`, placedAt: '2026-11-20T02:00:00Z', currency: 'CNY', discountMinor: 980, shippingMinor: 800, taxMinor: 0, totalMinor: 8550,
    lines: [{ lineId: 'lin_1', skuId: mug, externalSku: 'TB-MUG', title: '杯', quantity: 2, unitPriceMinor: 3990 }, { lineId: 'lin_2', skuId: tea, externalSku: 'TB-TEA', title: '茶', quantity: 1, unitPriceMinor: 750 }],
    sealedShipTo: subgraph.deps.vault.seal(JSON.stringify({ name: '张三', phone: '+8613800000001', address1: '示例路 1 号', city: '杭州市', countryCode: 'CN' }), { tenantId: TEST_TENANT, row: orderId, field: 'shipTo' }), shippingHints: { method: '顺丰特快' },
    ...(over.notes && { sealedNotes: subgraph.deps.vault.seal(JSON.stringify(over.notes), { tenantId: TEST_TENANT, row: orderId, field: 'notes' }) }),
  } } : { kind: over.kind });
  await subgraph.deliver(orderConfirmed({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, connectionId: channels[over.from ?? 'TAOBAO']!, customer: null, amounts: AMOUNTS, paidAt: '2026-11-20T02:00:00Z' } }));
  return orderId;
}
const push = (platform: string, orderId: string): Promise<void> => pushOrder(subgraph.deps, shops, { ...ref(platform), orderId });
const now = (): Promise<unknown> => sql('update outgoing_order set next_at = app_now(), leased_until = null');
const pull = (): Promise<void> => pullParcels(subgraph.deps, shops, ref('SHIPSTATION'));
const again = (): Promise<unknown> => sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'PARCELS'", channels['SHIPSTATION']);
const rowOf = async (platform: string, orderId: string): Promise<Json> => (await subgraph.rows<Json>(TEST_TENANT, 'select state, failure_code, store, external_order_id from outgoing_order where connection_id = ? and order_id = ?', [channels[platform], orderId]))[0];
const packed = async (orderId: string): Promise<Json[]> => (await subgraph.recorded('bridge.parcel-packed.v1')).filter(({ data }) => data.orderId === orderId).map(({ data }) => data);
const alerts = (subject: string): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, 'select code, state from alert where subject_id = ? order by id', [subject]);

describe('an order that is paid and held', () => {
  it('goes to the system that ships and to the one that counts, once each, however often it is told', async () => {
    const orderId = await confirmed();
    await subgraph.deliver(orderConfirmed({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, connectionId: channels['TAOBAO']!, customer: null, amounts: AMOUNTS, paidAt: '2026-11-20T02:00:00Z' } }));
    expect((await dueOutgoingOrders(subgraph.deps.database)).filter((one) => one.orderId === orderId)).toHaveLength(2);
    await Promise.all([push('SHIPSTATION', orderId), push('SHIPSTATION', orderId), push('ZOHO', orderId)]);
    await push('SHIPSTATION', orderId);
    expect(stages['SHIPSTATION']!.pushed!()).toMatchObject([{ wish: '顺丰特快' }]);
    // By our own codes: neither knows what Taobao calls them.
    expect(stages['SHIPSTATION']!.pushed!()).toMatchObject([{ sourceId: orderId, totalMinor: 8550, quantities: { 'QY-MUG-WHT': 2, 'QY-TEA-250': 1 } }]);
    expect(stages['ZOHO']!.pushed!()).toMatchObject([{ sourceId: orderId, quantities: { 'QY-MUG-WHT': 2, 'QY-TEA-250': 1 } }]);
    expect(await rowOf('SHIPSTATION', orderId)).toEqual({ state: 'WRITTEN', failure_code: null, store: '101', external_order_id: stages['SHIPSTATION']!.pushed!()[0]!.id });
    const acknowledged = (await subgraph.recorded('bridge.outside-order-acknowledged.v1')).filter(({ subject }) => subject === orderId);
    expect(acknowledged.map(({ data }) => data)).toEqual([{ connectionId: channels['ZOHO'], orderId, externalOrderId: stages['ZOHO']!.pushed!()[0]!.id, acknowledgedAt: expect.any(String) }]);
  });

  it('takes what was written with it to who packs it, and to nobody else; a note with a card in it stays here', async () => {
    const logged: string[] = [];
    configureLog({ level: 'debug', destination: { write: (line) => logged.push(line) } });
    const orderId = await confirmed({ notes: { buyer: '请周末送达', gift: '生日快乐', instructions: 'card 4111 1111 1111 1111', seller: '老客户' } });
    await Promise.all([push('SHIPSTATION', orderId), push('ZOHO', orderId)]);
    configureLog({ level: 'silent', destination: 1 });
    expect(stages['SHIPSTATION']!.pushed!()).toMatchObject([{ sourceId: orderId, notes: { buyer: '请周末送达', internal: '老客户', gift: '生日快乐' } }]);
    expect(stages['ZOHO']!.pushed!()).toHaveLength(1);
    const bodies = (host: RegExp): string => sandbox.requests.filter((request) => host.test(request.host)).map(({ body }) => body.toString()).join('\n');
    expect(bodies(/shipstation/)).toContain('生日快乐');
    for (const words of ['请周末送达', '生日快乐', '老客户']) expect(bodies(/zoho/)).not.toContain(words);
    expect(bodies(/./)).not.toContain('4111 1111');
    const [audit] = await subgraph.rows<Json>(TEST_TENANT, 'select fields from copy_audit where subject_id = ? and connection_id = ?', [orderId, channels['SHIPSTATION']]);
    expect(audit.fields).toEqual(expect.arrayContaining(['shippingHints.method', 'notes.buyer', 'notes.gift', 'notes.seller']));
    expect(audit.fields).not.toContain('notes.instructions');
    const kept = JSON.stringify(await subgraph.rows<Json>(TEST_TENANT, 'select (select json_agg(o) from outgoing_order o)::text as orders, (select json_agg(a) from copy_audit a)::text as audit'));
    for (const words of ['请周末送达', '生日快乐', '老客户']) expect(`${kept}${logged.join('')}`).not.toContain(words);
  });

  it('never goes back to where it came from', async () => {
    const orderId = await confirmed({ from: 'SHIPSTATION' });
    expect(await rowOf('SHIPSTATION', orderId)).toBeUndefined();
    expect(await rowOf('ZOHO', orderId)).toEqual(expect.objectContaining({ state: 'DUE' }));
  });

  it('is written once though the answer got lost and the process with it', async () => {
    const orderId = await confirmed();
    sandbox.fail('shipstation', { loseWhen: () => stages['SHIPSTATION']!.pushed!().length > 0 });
    await push('SHIPSTATION', orderId);
    // As a process leaves it that died between the answer and its own note of it.
    await sql("update outgoing_order set state = 'DUE', external_order_id = null, next_at = app_now(), leased_until = app_now() - interval '1 second' where order_id = ?", orderId);
    await push('SHIPSTATION', orderId);
    expect(stages['SHIPSTATION']!.pushed!()).toHaveLength(1);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'WRITTEN' });
  });

  it('waits while it is on hold or nobody says what it holds, and spends no try', async () => {
    const orderId = await confirmed({ kind: 'wait' });
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'DUE', failure_code: 'ORDER_WAITS' });
    known.set(orderId, { kind: 'nonsense' });
    await now();
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'DUE', failure_code: 'ORDERS_AWAY' });
    expect(await subgraph.rows(TEST_TENANT, 'select attempts from outgoing_order where order_id = ? and connection_id = ?', [orderId, channels['SHIPSTATION']])).toEqual([{ attempts: 0 }]);
    known.set(orderId, { kind: 'over' });
    await now();
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'NOT_NEEDED' });
  });

  it('is tried again while the system is down, goes to a person when it is refused, and on when they say so', async () => {
    const orderId = await confirmed();
    sandbox.fail('shipstation', 'DOWN');
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'DUE', failure_code: 'PLATFORM_DOWN' });
    sandbox.heal('shipstation');
    sandbox.fail('shipstation', { status: 400, body: '{"Message":"The request is invalid."}' });
    await now();
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'DEAD', failure_code: 'REQUEST_REFUSED' });
    expect(await alerts(channels['SHIPSTATION']!)).toEqual([{ code: 'ORDER_NOT_HANDED_OVER', state: 'OPEN' }]);
    sandbox.heal('shipstation');
    await subgraph.ask('mutation($input: RetryChannelWritesInput!) { retryChannelWrites(input: $input) { userErrors { code } } }', { input: { channelId: channels['SHIPSTATION'] } });
    await push('SHIPSTATION', orderId);
    expect(await rowOf('SHIPSTATION', orderId)).toMatchObject({ state: 'WRITTEN' });
    expect(await alerts(channels['SHIPSTATION']!)).toEqual([{ code: 'ORDER_NOT_HANDED_OVER', state: 'RESOLVED' }]);
  });
});

describe('an order that is cancelled', () => {
  const cancel = (orderId: string): Promise<unknown> => subgraph.deliver(orderCancelled({ tenantId: TEST_TENANT, sequence: 2, data: { orderId, connectionId: channels['TAOBAO']!, reason: 'CANCELLED_BY_CHANNEL', wasConfirmed: true } }));

  it('is not handed over, or is taken back, and an alert says where that comes too late', async () => {
    const early = await confirmed();
    await cancel(early);
    expect(await rowOf('SHIPSTATION', early)).toMatchObject({ state: 'NOT_NEEDED' });
    const late = await confirmed();
    await push('SHIPSTATION', late);
    await cancel(late);
    await cancel(late);
    expect(await rowOf('SHIPSTATION', late)).toMatchObject({ state: 'RECALL' });
    await push('SHIPSTATION', late);
    expect([await rowOf('SHIPSTATION', late), stages['SHIPSTATION']!.pushed!()]).toMatchObject([{ state: 'RECALLED' }, []]);
    const packedAlready = await confirmed();
    await push('SHIPSTATION', packedAlready);
    stages['SHIPSTATION']!.ship!((await rowOf('SHIPSTATION', packedAlready)).external_order_id, 'SF0001', new Date());
    await cancel(packedAlready);
    await push('SHIPSTATION', packedAlready);
    expect(await rowOf('SHIPSTATION', packedAlready)).toMatchObject({ state: 'DEAD', failure_code: 'TOO_LATE' });
    expect(await alerts(channels['SHIPSTATION']!)).toEqual([{ code: 'ORDER_NOT_HANDED_OVER', state: 'OPEN' }]);
  });
});

describe('a parcel', () => {
  const shipped = async (): Promise<{ orderId: string; shipmentId: string }> => {
    const orderId = await confirmed();
    await push('SHIPSTATION', orderId);
    return { orderId, shipmentId: stages['SHIPSTATION']!.ship!((await rowOf('SHIPSTATION', orderId)).external_order_id, `SF${orderId.slice(-8)}`, new Date(), { lin_1: 1 }) };
  };

  it('is told to orders once, however often it is read', async () => {
    const { orderId } = await shipped();
    for (let n = 0; n < 3; n += 1) { await again(); await pull(); }
    expect(await packed(orderId)).toEqual([{ connectionId: channels['SHIPSTATION'], orderId, carrier: 'SF', trackingNumber: `SF${orderId.slice(-8)}`, service: 'sf_standard_express', lines: [{ lineId: 'lin_1', quantity: 1 }], shippedAt: expect.any(String) }]);
  });

  it('is found by what its order is called there, where our id got lost on the way', async () => {
    const { orderId } = await shipped();
    await sql('update outgoing_order set order_id = ? where order_id = ? and connection_id = ?', `${orderId}x`, orderId, channels['SHIPSTATION']);
    await again();
    await pull();
    expect(await packed(`${orderId}x`)).toHaveLength(1);
  });

  it('of somebody else, or whose label was taken back before we heard of it, is told to nobody', async () => {
    const { orderId, shipmentId } = await shipped();
    stages['SHIPSTATION']!.void!(shipmentId);
    await again();
    await pull();
    expect(await packed(orderId)).toEqual([]);
    await sql('update outgoing_order set order_id = ?, external_order_id = null where order_id = ? and connection_id = ?', `${orderId}y`, orderId, channels['SHIPSTATION']);
    await again();
    await pull();
    expect(await packed(`${orderId}y`)).toEqual([]);
  });

  it('whose label is taken back after its channel was told calls a person, once', async () => {
    const { orderId, shipmentId } = await shipped();
    await pull();
    stages['SHIPSTATION']!.void!(shipmentId);
    for (let n = 0; n < 2; n += 1) { await again(); await pull(); }
    expect(await packed(orderId)).toHaveLength(1);
    expect(await alerts(orderId)).toEqual([{ code: 'LABEL_TAKEN_BACK', state: 'OPEN' }]);
  });

  it('is told at once by an unsigned push to an address that only ShipStation knows, read at ShipStation itself', async () => {
    const { orderId, shipmentId } = await shipped();
    const { body } = stages['SHIPSTATION']!.notice!(shipmentId);
    const url = `${door}/webhooks/shipstation/${channels['SHIPSTATION']}`;
    const post = async (key: string, sent = body): Promise<number> => (await fetch(`${url}${key}`, { method: 'POST', body: sent })).status;
    expect([await post(''), await post('?key=wrong_wrong_wrong'), await post(`?key=${SECRET}`), await post(`?key=${SECRET}`)]).toEqual([401, 401, 200, 200]);
    expect(await post(`?key=${SECRET}`, '{"resource_url":"https://169.254.169.254/shipments","resource_type":"SHIP_NOTIFY"}')).toBe(200);
    const asked = sandbox.requests.length;
    const deliveries = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from delivery where connection_id = ? order by id', [channels['SHIPSTATION']]);
    for (const { id } of deliveries) await processWaiting(subgraph.deps, { tenantId: TEST_TENANT, connectionId: channels['SHIPSTATION']!, deliveryId: id }, shops);
    expect(await packed(orderId)).toHaveLength(1);
    expect(await subgraph.rows(TEST_TENANT, 'select state, reason_code from delivery where connection_id = ? order by id', [channels['SHIPSTATION']])).toEqual([{ state: 'DONE', reason_code: null }, { state: 'DEAD', reason_code: 'ADDRESS_NOT_ALLOWED' }]);
    expect(sandbox.requests.slice(asked).map(({ host }) => host)).toEqual(['ssapi6.shipstation.com']);
    await again();
    await pull();
    expect(await packed(orderId)).toHaveLength(1);
  });
});

describe('what was given to who ships', () => {
  const HOUR_MS = 3_600_000;
  const compare = async (): Promise<void> => {
    await sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'GIVEN'", channels['SHIPSTATION']);
    await compareGivenOrders(subgraph.deps, shops, ref('SHIPSTATION'));
  };
  /** An order that was given there an hour ago; gives its id and the one there. */
  async function givenLong(): Promise<{ orderId: string; id: string }> {
    const orderId = await confirmed();
    await push('SHIPSTATION', orderId);
    const { id } = stages['SHIPSTATION']!.pushed!().find(({ sourceId }) => sourceId === orderId)!;
    stages['SHIPSTATION']!.writtenAt!(id, new Date(Date.now() - HOUR_MS));
    await sql("update outgoing_order set written_at = app_now() - interval '1 hour' where order_id = ?", orderId);
    return { orderId, id };
  }
  const alertOf = async (): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, "select state, params from alert where subject_id = ? and code = 'GIVEN_ORDERS_DIFFER' order by id", [channels['SHIPSTATION']]);

  it('is compared with what is there: a person hears of what is gone, cancelled there or unknown here, and that it is over', async () => {
    const [kept, gone] = [await givenLong(), await givenLong()];
    await compare();
    expect(await alertOf()).toEqual([]);
    stages['SHIPSTATION']!.dropOrder!(gone.id);
    // As after a restore from before it was written: it is there, and nothing here says that it was given.
    const lost = await givenLong();
    await sql("update outgoing_order set order_id = 'another', state = 'NOT_NEEDED' where order_id = ? and connection_id = ?", lost.orderId, channels['SHIPSTATION']);
    await compare();
    expect(await alertOf()).toEqual([{ state: 'OPEN', params: { missing: 1, unknown: 1, orders: `${gone.orderId}, ${lost.orderId}` } }]);
    // Nothing is written again by itself.
    expect(stages['SHIPSTATION']!.pushed!().map(({ sourceId }) => sourceId).sort()).toEqual([kept.orderId, lost.orderId].sort());
    await sql("update outgoing_order set state = 'RECALLED' where order_id = ?", gone.orderId);
    stages['SHIPSTATION']!.dropOrder!(lost.id);
    await compare();
    expect((await alertOf()).map(({ state }) => state)).toEqual(['RESOLVED']);
    expect(await subgraph.rows(TEST_TENANT, "select state, items from sync_run where connection_id = ? and stream = 'GIVEN' order by id desc limit 1", [channels['SHIPSTATION']])).toEqual([{ state: 'DONE', items: 1 }]);
  });

  it('is not judged while it is younger than a quarter of an hour, and not when it is packed; a system that is down is asked again later', async () => {
    const [young, packedOne] = [await givenLong(), await givenLong()];
    await sql('update outgoing_order set written_at = app_now() where order_id = ?', young.orderId);
    stages['SHIPSTATION']!.ship!(packedOne.id, 'SF1234567890', new Date());
    await again();
    await pull();
    for (const { id } of [young, packedOne]) stages['SHIPSTATION']!.dropOrder!(id);
    await compare();
    expect(await alertOf()).toEqual([]);
    sandbox.fail('shipstation', 'DOWN');
    await compare();
    expect(await subgraph.rows(TEST_TENANT, "select failures, last_error from sync_stream where connection_id = ? and stream = 'GIVEN'", [channels['SHIPSTATION']])).toEqual([{ failures: 1, last_error: 'PLATFORM_DOWN' }]);
  });
});

describe('webhooks', () => {
  const check = (): Promise<void> => checkWebhooks(subgraph.deps, shops, 'https://shop.example.com', ref('SHIPSTATION'));
  const hour = (): Promise<unknown> => sql("update sync_stream set next_at = app_now() where connection_id = ? and stream = 'WEBHOOKS'", channels['SHIPSTATION']);

  it('are registered, looked after, and registered again where the platform has forgotten them', async () => {
    await check();
    const address = `https://shop.example.com/webhooks/shipstation/${channels['SHIPSTATION']}?key=${SECRET}`;
    expect(stages['SHIPSTATION']!.hooks!()).toEqual([{ topic: 'SHIP_NOTIFY', address }, { topic: 'FULFILLMENT_SHIPPED', address }]);
    await check();
    expect(stages['SHIPSTATION']!.hooks!()).toHaveLength(2);
    stages['SHIPSTATION']!.loseHooks!();
    await hour();
    await check();
    expect(stages['SHIPSTATION']!.hooks!()).toHaveLength(2);
    expect(await subgraph.rows(TEST_TENANT, 'select webhooks_registered, webhook_topics from channel_connection where id = ?', [channels['SHIPSTATION']])).toEqual([{ webhooks_registered: 4, webhook_topics: ['SHIP_NOTIFY', 'FULFILLMENT_SHIPPED'] }]);
  });

  it('wait while the platform is down, and are nobody\'s matter without an address of ours', async () => {
    await checkWebhooks(subgraph.deps, shops, null, ref('SHIPSTATION'));
    expect(stages['SHIPSTATION']!.hooks!()).toEqual([]);
    sandbox.fail('shipstation', 'DOWN');
    await hour();
    await check();
    expect(await subgraph.rows(TEST_TENANT, "select failures, last_error from sync_stream where connection_id = ? and stream = 'WEBHOOKS'", [channels['SHIPSTATION']])).toEqual([{ failures: 1, last_error: 'PLATFORM_DOWN' }]);
  });
});
