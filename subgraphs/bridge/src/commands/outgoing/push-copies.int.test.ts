import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buyerOf, orderToShip, tellProducts } from '@quanyu/calls';
import { STAGES, startSandbox, type Sandbox, type Stage } from '@quanyu/channel-sandbox';
import { orderCancelled, orderConfirmed, orderShipped, productChanged, skuCreated } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { channelEnvironment } from '../../environment.js';
import type { Mail, Mailer } from '../../outbound/mailer.js';
import { Outbound } from '../../outbound/outbound.js';
import { PlatformError } from '../../outbound/platform-error.js';
import { Shops } from '../../outbound/shops.js';
import { dueBuyerMails } from '../../queries/due-buyer-mails.js';
import { dueCopyLanes } from '../../queries/due-copies.js';
import { bridge } from '../../subgraph.js';
import { processWaiting } from '../deliveries/process-delivery.js';
import { pushCopies } from './push-copies.js';
import { sendBuyerMail } from '../messages/send-buyer-mail.js';

type Product = { productId: string; title: string; brand: string | null; status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED'; skus: { skuId: string; code: string; title: null; options: []; barcode: null; weightGrams: null; priceMinor: number | null }[] };

/** What catalog and orders would answer. */
const products = new Map<string, Product>();
const orders = new Map<string, { kind: 'ship' | 'wait' | 'over'; note?: string; email?: string | null }>();
const OWN = newId('con');
let subgraph: TestSubgraph;
let sandbox: Sandbox;
let shops: Shops;
let stage: Stage;
let channelId: string;
let count = 0;

const deps = () => ({ ...subgraph.deps, calls: { invoke: (call: { readonly name: string }, input: Record<string, never>) => Promise.resolve(answerOf(call.name, input)) } as unknown as typeof subgraph.deps.calls });
function answerOf(name: string, input: Readonly<Record<string, unknown>>): unknown {
  if (name === tellProducts.name) return { products: [...products.values()].filter(({ productId }) => input['productIds'] === null || (input['productIds'] as string[]).includes(productId)), next: null };
  const orderId = String(input['orderId']);
  const order = orders.get(orderId);
  const shipTo = { name: '张三', phone: '+8613812341234', email: order?.email === undefined ? 'buyer@example.com' : order.email, address1: order?.note ?? '示例路 1 号', address2: null, city: '杭州市', province: '浙江省', postalCode: '310000', countryCode: 'CN' };
  const sealedShipTo = subgraph.deps.vault.seal(JSON.stringify(shipTo), { tenantId: TEST_TENANT, row: orderId, field: 'shipTo' });
  if (name === buyerOf.name) return { order: order === undefined ? null : { orderNumber: `QY-${orderId.slice(-4)}`, status: 'TO_SHIP', currency: 'CNY', totalMinor: 8550, sealedShipTo, customer: null } };
  if (name !== orderToShip.name) throw new Error(`no ${name} here`);
  if (order === undefined || order.kind !== 'ship') return { kind: order?.kind ?? 'over' };
  return { kind: 'ship', order: {
    connectionId: OWN, platform: 'H5', externalOrderId: `EXT-${orderId}`, orderNumber: `QY-${orderId.slice(-4)}`, placedAt: new Date().toISOString(), currency: 'CNY', discountMinor: 980, shippingMinor: 800, taxMinor: 0, totalMinor: 8550,
    lines: [{ lineId: 'lin_mug', skuId: 'sku_1', externalSku: 'QY-MUG-WHT', title: '杯', quantity: 2, unitPriceMinor: 3990 }, { lineId: 'lin_tea', skuId: 'sku_2', externalSku: 'QY-TEA-250', title: '茶', quantity: 1, unitPriceMinor: 750 }], sealedShipTo,
  } };
}

const ask = async (query: string, input: object): Promise<Json> => (await subgraph.ask(query, { input })).data as Json;
const ref = () => ({ tenantId: TEST_TENANT, connectionId: channelId });
const push = (): Promise<void> => pushCopies(deps(), shops, ref());
const copies = (): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, 'select purpose, subject_id, state, failure_code, external_id from shop_copy where connection_id = ? order by purpose, subject_id', [channelId]);
const audit = (): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, 'select purpose, subject_id, fields, result, reason from copy_audit where connection_id = ? order by id', [channelId]);
const alerts = (): Promise<Json[]> => subgraph.rows<Json>(TEST_TENANT, 'select code, state from alert where subject_id = ? order by id', [channelId]);
const now = (): Promise<unknown> => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update copy_lane set next_at = app_now() where connection_id = ?', [channelId]));
const flow = (...flows: string[]): Promise<Json> => ask('mutation($input: SetChannelFlowsInput!) { setChannelFlows(input: $input) { channel { flows } userErrors { code field } } }', { channelId, flows });

const DEFAULT = ['PULL_ORDERS', 'PULL_FULFILMENT', 'PUSH_STOCK'];
const amounts = { currency: 'CNY', itemsMinor: 8730, discountMinor: 980, shippingMinor: 800, taxMinor: 0, taxesIncluded: true, totalMinor: 8550 };
const confirm = (orderId: string, connectionId: string = OWN) => orderConfirmed({ tenantId: TEST_TENANT, sequence: 3, data: { orderId, connectionId, customer: null, amounts, paidAt: new Date().toISOString() } });
const cancel = (orderId: string) => orderCancelled({ tenantId: TEST_TENANT, sequence: 4, data: { orderId, connectionId: OWN, reason: 'CANCELLED_BY_BUYER', wasConfirmed: true } });
const ship = (orderId: string) => orderShipped({ tenantId: TEST_TENANT, sequence: 5, data: { orderId, connectionId: OWN, parcelId: newId('prl'), externalOrderId: `EXT-${orderId}`, by: 'US', carrier: 'SF', trackingNumber: 'SF7777777777777', lines: [], complete: true, shippedAt: new Date().toISOString(), confirmedAt: null } });
const paid = async (about: { kind?: 'ship' | 'wait' | 'over'; note?: string; email?: string | null } = {}): Promise<string> => {
  const orderId = newId('ord');
  orders.set(orderId, { kind: 'ship', ...about });
  await subgraph.deliver(confirm(orderId));
  return orderId;
};
const product = (title: string, priceMinor: number | null = 3990): Product => {
  const one: Product = { productId: newId('prd'), title, brand: null, status: 'ACTIVE', skus: [{ skuId: newId('sku'), code: `${title}-${count}`, title: null, options: [], barcode: null, weightGrams: null, priceMinor }] };
  products.set(one.productId, one);
  return one;
};

const hear = async (topic: string, body: object): Promise<Json> => {
  const id = newId('dlv');
  const bytes = Buffer.from(JSON.stringify(body));
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(
    "insert into delivery (id, tenant_id, connection_id, topic, dedupe_key, body_hash, body_bytes, sealed_body, triggered_at) values (?, ?, ?, ?, ?, 'h', 1, ?, app_now())",
    [id, TEST_TENANT, channelId, topic, id, subgraph.deps.vault.seal(bytes.toString('latin1'), { tenantId: TEST_TENANT, row: id, field: 'delivery-body' })]));
  await processWaiting(deps(), { tenantId: TEST_TENANT, connectionId: channelId, deliveryId: id }, shops);
  return (await subgraph.rows<Json>(TEST_TENANT, 'select state, reason_code, reason_path from delivery where id = ?', [id]))[0]!;
};

beforeAll(async () => { subgraph = await openTestSubgraph(bridge); });
afterAll(() => subgraph.close());
beforeEach(async () => {
  count += 1;
  products.clear();
  stage = STAGES['SHOPIFY']!();
  sandbox = await startSandbox([stage.platform]);
  shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
  await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update channel_connection set shop_domain = null, flows = '[]'::jsonb, status = 'DISABLED'"));
  const { connectChannel } = await ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id flows } userErrors { code } } }', { platform: 'SHOPIFY', name: 'Shop', shopDomain: stage.shopDomain, idempotencyKey: `copies-${count}` });
  channelId = connectChannel.channel.id as string;
  expect(connectChannel.channel.flows).toEqual(DEFAULT);
  const fields = Object.entries({ ...stage.settings, ...stage.secrets }).map(([name, value]) => ({ name, value }));
  await ask('mutation($input: SetChannelAccountInput!) { setChannelAccount(input: $input) { userErrors { code } } }', { channelId, fields });
});
afterEach(async () => { await shops.close(); await sandbox.close(); });

describe('a product', () => {
  it('goes to a shop that asked for products: all there are, then each that changes, the same one never twice', async () => {
    const [mug, tea] = [product('mug'), product('tea')];
    await subgraph.deliver(productChanged({ tenantId: TEST_TENANT, sequence: 1, data: { productId: mug.productId } }));
    await push();
    expect(stage.products!()).toEqual([]);
    expect((await flow(...DEFAULT, 'PUSH_PRODUCTS'))['setChannelFlows']).toEqual({ channel: { flows: [...DEFAULT, 'PUSH_PRODUCTS'] }, userErrors: [] });
    expect(await dueCopyLanes(subgraph.deps.database)).toContainEqual(ref());
    await push();
    expect(stage.products!().map(({ title, prices }) => [title, Object.values(prices)])).toEqual(expect.arrayContaining([['mug', [3990]], ['tea', [3990]]]));
    mug.title = 'new mug';
    const change = productChanged({ tenantId: TEST_TENANT, sequence: 2, data: { productId: mug.productId } });
    await subgraph.deliver(change);
    await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: tea.skus[0]!.skuId, productId: tea.productId, code: tea.skus[0]!.code } }));
    const before = sandbox.requests.length;
    await Promise.all([push(), push(), push()]);
    // Tea is as it was: nobody is asked. A mug is looked up and set.
    expect(sandbox.requests.length - before).toBe(2);
    expect(stage.products!().map(({ title }) => title).sort()).toEqual(['new mug', 'tea']);
    expect((await audit()).map(({ subject_id, fields, result }) => [subject_id, fields, result]).at(-1)).toEqual([mug.productId, ['sourceId', 'title', 'status', 'currency', 'skus.code', 'skus.options', 'skus.priceMinor'], 'SENT']);
  });

  it('without a price in the shop’s currency is not sold for nothing: a person is told, and it goes when it has one', async () => {
    await flow('PUSH_PRODUCTS');
    const mug = product('mug', null);
    await push();
    expect(await copies()).toMatchObject([{ state: 'FAILED', failure_code: 'NO_PRICE_IN_CNY' }]);
    expect(await alerts()).toEqual([{ code: 'COPY_NOT_TAKEN', state: 'OPEN' }]);
    mug.skus[0]!.priceMinor = 100;
    await subgraph.deliver(productChanged({ tenantId: TEST_TENANT, sequence: 2, data: { productId: mug.productId } }));
    await push();
    expect([await alerts(), stage.products!()[0]?.prices]).toEqual([[{ code: 'COPY_NOT_TAKEN', state: 'RESOLVED' }], { [mug.skus[0]!.code]: 100 }]);
  });
});

describe('an order of our own', () => {
  beforeEach(async () => { await flow(...DEFAULT, 'PUSH_ORDERS'); });

  it('goes to the shop once it is paid, within seconds, once however often it is told, by the fields that packing needs', async () => {
    const orderId = await paid();
    await Promise.all([push(), push()]);
    await subgraph.deliver(confirm(orderId));
    await push();
    expect(stage.pushed!()).toEqual([{ id: expect.any(String), sourceId: orderId, totalMinor: 8550, quantities: { 'QY-MUG-WHT': 2, 'QY-TEA-250': 1 } }]);
    const [sent] = await audit();
    expect(sent).toMatchObject({ purpose: 'ORDER', subject_id: orderId, result: 'SENT', reason: null });
    expect(sent!['fields']).toEqual(expect.arrayContaining(['shipTo.name', 'shipTo.phone', 'lines.externalSku']));
    expect(JSON.stringify(await audit())).not.toMatch(/张三|138123|example\.com|示例路/);
    const wire = sandbox.requests.map(({ body }) => body.toString()).join(' ');
    expect(wire).toContain('示例路');
    expect(wire).not.toMatch(/buyer@example\.com|EXT-ord|transactions/);
    const { data } = await subgraph.ask('query($id: ID!) { channel(id: $id) { copies { ordersGiven ordersWaiting failed p95Seconds failingSince } givenCopies { subjectId result } } }', { id: channelId });
    expect(data!['channel']).toMatchObject({ copies: { ordersGiven: 1, ordersWaiting: 0, failed: 0, failingSince: null }, givenCopies: [{ subjectId: orderId, result: 'SENT' }] });
    expect(data!['channel'].copies.p95Seconds).toBeLessThan(30);
  });

  it('counts in the health of its channel, which says how late we are and what may still fail', async () => {
    const health = async (): Promise<Json> => (await subgraph.ask('query($id: ID!) { channel(id: $id) { health { status done failed waiting lagSeconds budgetLeft failuresInARow } } }', { id: channelId })).data!['channel'].health as Json;
    expect(await health()).toEqual({ status: 'OK', done: 0, failed: 0, waiting: 0, lagSeconds: 0, budgetLeft: 1, failuresInARow: 0 });
    await paid();
    await paid({ note: ['4111', '1111', '1111', '1111'].join(' ') });
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update shop_copy set due_at = app_now() - interval '10 minutes' where connection_id = ?", [channelId]));
    expect(await health()).toMatchObject({ status: 'LATE', waiting: 2, lagSeconds: expect.closeTo(600, -1.5) });
    await push();
    expect(await health()).toMatchObject({ status: 'OK', done: 1, failed: 1, waiting: 0, budgetLeft: -1 });
    sandbox.fail('shopify', 'DOWN');
    await paid();
    for (let n = 0; n < 3; n += 1) { await now(); await push(); }
    expect(await health()).toMatchObject({ status: 'FAILING', failuresInARow: 3 });
    await ask('mutation($input: DisableChannelInput!) { disableChannel(input: $input) { userErrors { code } } }', { channelId });
    expect((await health())['status']).toBe('OFF');
    const all = '{ channels { nodes { health { status } copies { failed } givenCopies { id } } } }';
    expect(await subgraph.sql.during(async () => { expect((await subgraph.ask(all)).errors).toEqual([]); })).toHaveLength(4);
  });

  it('of a channel goes to no shop, nor does one that waits for a person, nor one that is over', async () => {
    await subgraph.deliver(confirm(newId('ord'), channelId));
    const [waiting, over] = [await paid({ kind: 'wait' }), await paid({ kind: 'over' })];
    await push();
    expect([stage.pushed!(), await audit()]).toEqual([[], []]);
    expect(new Map((await copies()).map(({ subject_id, state }) => [subject_id, state]))).toEqual(new Map([[waiting, 'DUE'], [over, 'DONE']]));
  });

  it('that is written though the answer got lost is there once', async () => {
    await paid();
    sandbox.fail('shopify', { loseWhen: () => stage.pushed!().length > 0 });
    await push();
    await now();
    await push();
    expect([stage.pushed!().length, (await copies())[0]!['state']]).toEqual([1, 'DONE']);
  });

  it('that is cancelled ends there too, also before it was given, and in whichever order that is told', async () => {
    const [given, early, late] = [await paid(), newId('ord'), await paid()];
    await push();
    orders.set(early, { kind: 'over' });
    await subgraph.deliver(cancel(early));
    await subgraph.deliver(confirm(early));
    await subgraph.deliver(cancel(given));
    await push();
    expect(stage.cancelled!()).toEqual([given]);
    expect(stage.pushed!().map(({ sourceId }) => sourceId).sort()).toEqual([late]);
  });

  it('whose words hold what never leaves is refused, told, and neither sent nor kept', async () => {
    const orderId = await paid({ note: ['4111', '1111', '1111', '1111'].join(' ') });
    const other = await paid();
    await push();
    expect(stage.pushed!().map(({ sourceId }) => sourceId)).toEqual([other]);
    expect(sandbox.requests.map(({ body }) => body.toString()).join()).not.toContain('4111');
    expect((await audit()).filter(({ subject_id }) => subject_id === orderId)).toEqual([expect.objectContaining({ result: 'REFUSED', reason: 'PAYMENT shipTo.address1' })]);
    expect((await copies()).find(({ subject_id }) => subject_id === orderId)).toMatchObject({ state: 'REFUSED', failure_code: 'PUSH_WOULD_LEAK' });
    expect(await alerts()).toEqual([{ code: 'PUSH_WOULD_LEAK', state: 'OPEN' }]);
    expect(JSON.stringify(await subgraph.rows(TEST_TENANT, "select params from alert where code = 'PUSH_WOULD_LEAK'", []))).not.toContain('4111');
  });

  const packed = async (orderId: string): Promise<Json[]> => (await subgraph.recorded('bridge.parcel-packed.v1')).filter(({ data }) => data.orderId === orderId).map(({ data }) => data as Json);
  const received = async (): Promise<number> => (await subgraph.recorded('bridge.order-received.v1')).filter(({ data }) => data.connectionId === channelId).length;

  it('comes back as an echo, known by its mapping or by the source that we gave it, and becomes no order', async () => {
    const orderId = await paid();
    await push();
    const external = stage.pushed!()[0]!.id;
    expect(await hear('orders/create', stage.webhookOf!(external))).toEqual({ state: 'IGNORED', reason_code: 'ECHO', reason_path: null });
    expect(await hear('orders/updated', { ...stage.webhookOf!(external), source_identifier: null })).toMatchObject({ reason_code: 'ECHO' });
    // Before the answer of the push was kept there is only the source.
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update shop_copy set external_id = null where subject_id = ?', [orderId]));
    expect(await hear('orders/create', stage.webhookOf!(external))).toMatchObject({ reason_code: 'ECHO' });
    // Who claims our id for an order that is none of this shop's gets an order of the shop's.
    expect(await hear('orders/create', { ...stage.webhookOf!(external), id: 1, source_identifier: newId('ord') })).toMatchObject({ state: 'DONE' });
    expect(await received()).toBe(1);
  });

  it('that the shop has sent comes back as a parcel, by a push or by reading, and as nothing else', async () => {
    const orderId = await paid();
    await push();
    const external = stage.pushed!()[0]!.id;
    expect(await hear('orders/fulfilled', stage.pack!(external, 'SF0000000000001'))).toMatchObject({ state: 'IGNORED', reason_code: 'ECHO' });
    expect(await packed(orderId)).toEqual([expect.objectContaining({ connectionId: channelId, orderId, trackingNumber: 'SF0000000000001', carrier: 'SF', lines: [{ lineId: 'lin_mug', quantity: 2 }, { lineId: 'lin_tea', quantity: 1 }] })]);
    const client = shops.open(channelId, { platform: 'SHOPIFY', account: { shopDomain: stage.shopDomain, settings: stage.settings, secrets: stage.secrets } })!;
    const read = await client.getOrder!(external);
    expect(await hear('pulled/order', JSON.parse(read!.body) as object)).toMatchObject({ reason_code: 'ECHO' });
    expect((await packed(orderId)).map(({ trackingNumber, carrier }) => [trackingNumber, carrier])).toEqual([['SF0000000000001', 'SF'], ['SF0000000000001', 'SF']]);
    expect(await received()).toBe(0);
    await flow('PULL_ORDERS', 'PUSH_ORDERS');
    await hear('orders/updated', stage.webhookOf!(external));
    expect(await packed(orderId)).toHaveLength(2);
  });
});

describe('a shop that fails at times', () => {
  const figures = async (): Promise<Json> => (await subgraph.ask('query($id: ID!) { channel(id: $id) { flowFigures { flow count good share target met } } }', { id: channelId })).data!['channel'].flowFigures as Json;
  beforeEach(async () => { await flow(...DEFAULT, 'PUSH_ORDERS'); });

  it('takes more than 95 in 100 orders at the first try, all of them in the end, and the graph shows when it does not', async () => {
    expect(await figures()).toEqual([{ flow: 'ORDER_PUSH', count: 0, good: 0, share: null, target: 0.95, met: true }, { flow: 'FULFILMENT', count: 0, good: 0, share: null, target: 0.9, met: true }]);
    const give = async (many: number, isDown: boolean): Promise<void> => {
      for (let n = 0; n < many; n += 1) await paid();
      if (isDown) { sandbox.fail('shopify', 'DOWN'); await now(); await push(); sandbox.heal('shopify'); }
      // Its breaker would wait longer than a test.
      if (isDown) { await shops.close(); shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 })); }
      await now();
      await push();
    };
    await give(15, false);
    await give(1, true);
    await give(14, false);
    expect(stage.pushed!()).toHaveLength(30);
    expect((await figures())[0]).toEqual({ flow: 'ORDER_PUSH', count: 30, good: 29, share: 29 / 30, target: 0.95, met: true });
    await give(1, true);
    expect((await figures())[0]).toMatchObject({ count: 31, good: 29, met: false });
    expect(new Set(stage.pushed!().map(({ sourceId }) => sourceId)).size).toBe(31);
    expect(await subgraph.sql.during(async () => { expect((await subgraph.ask('{ channels { nodes { flowFigures { share } } } }')).errors).toEqual([]); })).toHaveLength(2);
  });

  it('tells more than 90 in 100 parcels within five minutes, and the graph shows when it does not', async () => {
    for (let n = 0; n < 11; n += 1) await paid();
    await push();
    const parcels = stage.pushed!().map(({ id }, n) => stage.pack!(id, `SF000000000001${n}`));
    for (const [n, parcel] of parcels.entries()) {
      // One webhook is lost, and found by reading an hour later.
      const late = JSON.parse(JSON.stringify(parcel).replaceAll(/("created_at":")[^"]+/g, `$1${new Date(Date.now() - 3_600_000).toISOString()}`)) as object;
      await hear('orders/fulfilled', n === 5 ? late : parcel);
      if (n === 5) await hear('orders/updated', parcel);
    }
    expect((await figures())[1]).toEqual({ flow: 'FULFILMENT', count: 11, good: 10, share: 10 / 11, target: 0.9, met: true });
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update outside_parcel set read_at = shipped_at + interval '301 seconds' where connection_id = ? and tracking_number = 'SF0000000000010'", [channelId]));
    expect((await figures())[1]).toMatchObject({ count: 11, good: 9, met: false });
  });
});

describe('a shop that takes nothing', () => {
  const mails: Mail[] = [];
  const mailer: Mailer = { send: (mail) => { mails.push(mail); return Promise.resolve(); }, close: () => undefined };
  const write = async (via: Mailer | null = mailer): Promise<void> => { for (const mail of await dueBuyerMails(subgraph.deps.database)) await sendBuyerMail(deps(), via, mail); };
  const told = (): string[][] => mails.map(({ to, subject }) => [to, subject.replace(/QY-\w+/, 'N')]);
  beforeEach(async () => {
    mails.length = 0;
    await flow(...DEFAULT, 'PUSH_ORDERS');
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update buyer_mail set state = 'SENT'"));
  });

  it('is told nothing while it is switched off, its buyers are written to, and all of it is given when it is on', async () => {
    const disable = (verb: string) => ask(`mutation($input: ${verb}ChannelInput!) { ${verb.toLowerCase()}Channel(input: $input) { userErrors { code } } }`, { channelId });
    await disable('Disable');
    const orderId = await paid();
    await push();
    await subgraph.deliver(ship(orderId));
    const silent = await paid({ email: null });
    await now();
    await push();
    await write();
    await write();
    expect(told()).toEqual([['buyer@example.com', '订单 N 已确认'], ['buyer@example.com', '订单 N 已发货']]);
    expect(mails[1]!.text).toContain('SF7777777777777');
    expect(JSON.stringify(mails)).not.toMatch(/张三|138|示例路|8550|85\.50/);
    expect((await subgraph.rows<Json>(TEST_TENANT, 'select state from buyer_mail where order_id = ?', [silent]))).toEqual([{ state: 'NO_ADDRESS' }]);
    expect([sandbox.requests, await alerts()]).toEqual([[], []]);
    await disable('Enable');
    await now();
    await push();
    expect(stage.pushed!().map(({ sourceId }) => sourceId).sort()).toEqual([orderId, silent].sort());
    const later = await paid();
    await subgraph.deliver(cancel(later));
    await write();
    expect(mails).toHaveLength(2);
  });

  it('is left alone by SHOPIFY_INTEGRATION=false, and what waits is given when it is back', async () => {
    const orderId = await paid();
    const off = new Shops(channelEnvironment({ SHOPIFY_INTEGRATION: 'false' }), new Outbound({ via: sandbox.url }));
    await pushCopies(deps(), off, ref());
    await off.close();
    expect([sandbox.requests.length, (await copies())[0]!['state']]).toEqual([0, 'DUE']);
    await now();
    await push();
    expect(stage.pushed!().map(({ sourceId }) => sourceId)).toEqual([orderId]);
  });

  it('since it is down waits longer each time and rings once; buyers are written to, and it ends by itself', async () => {
    const orderId = await paid();
    sandbox.fail('shopify', 'DOWN');
    for (let n = 0; n < 4; n += 1) { await now(); await push(); }
    await subgraph.deliver(cancel(orderId));
    await write();
    expect(told()).toEqual([['buyer@example.com', '订单 N 已确认'], ['buyer@example.com', '订单 N 已取消']]);
    expect(await alerts()).toEqual([{ code: 'COPIES_WAITING', state: 'OPEN' }]);
    expect(await dueCopyLanes(subgraph.deps.database)).not.toContainEqual(ref());
    sandbox.heal('shopify');
    await shops.close();
    shops = new Shops(channelEnvironment({}), new Outbound({ via: sandbox.url, backoffMs: 1 }));
    const next = await paid();
    await now();
    await push();
    expect(stage.pushed!().map(({ sourceId }) => sourceId)).toEqual([next]);
    expect(await alerts()).toEqual([{ code: 'COPIES_WAITING', state: 'RESOLVED' }]);
  });

  it('is no reason to write twice: a mail is sent again only where the server did not take it', async () => {
    await ask('mutation($input: DisableChannelInput!) { disableChannel(input: $input) { userErrors { code } } }', { channelId });
    await paid();
    await push();
    let tries = 0;
    const passing: Mailer = { send: () => { tries += 1; return Promise.reject(new PlatformError('PLATFORM_UNREACHABLE')); }, close: () => undefined };
    await write(passing);
    await write();
    expect([tries, mails.length]).toEqual([1, 0]);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update buyer_mail set next_at = app_now() where state = 'DUE'"));
    await write();
    await write();
    expect(mails).toHaveLength(1);
  });

  it('that cannot be given orders at all says so when it is asked to be', async () => {
    const { connectChannel } = await ask('mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id } } }', { platform: 'STRIPE', name: 'Pay', shopDomain: null, idempotencyKey: `stripe-${count}` });
    const { setChannelFlows } = await ask('mutation($input: SetChannelFlowsInput!) { setChannelFlows(input: $input) { channel { id } userErrors { code field } } }', { channelId: connectChannel.channel.id, flows: ['PUSH_ORDERS'] });
    expect(setChannelFlows).toEqual({ channel: null, userErrors: [{ code: 'FLOW_NOT_POSSIBLE', field: ['flows', '0'] }] });
  });
});
