import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { floorPriceChanged, orderReceived, skuCreated, stockReserved, stockShort, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

const CONNECTION = newId('con');
const MUG = newId('sku');
let subgraph: TestSubgraph;
let sequence = 0;
const floor = (amountMinor: number | null, connectionId: string | null = null, at = (sequence += 1)) =>
  subgraph.deliver(floorPriceChanged({ tenantId: TEST_TENANT, sequence: at, data: { skuId: MUG, connectionId, currency: 'CNY', amountMinor } }));
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders);
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: MUG, productId: newId('prd'), code: 'MUG' } }));
  await floor(5000);
});
afterAll(() => subgraph.close());

type Told = EventOf<typeof orderReceived>['data'];
const told = (externalOrderId: string, unitPriceMinor: number, over: Partial<Told> = {}): Told => ({
  connectionId: CONNECTION, platform: 'SHOPIFY', deliveryId: newId('dlv'), externalOrderId, orderNumber: `#${externalOrderId}`,
  placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null, rawStatus: 'paid/unfulfilled',
  amounts: { currency: 'CNY', itemsMinor: unitPriceMinor, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor: unitPriceMinor },
  lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 1, unitPriceMinor, discountMinor: 0 }], customer: null,
  sealedShipTo: testVault().seal(JSON.stringify({ name: '张三', phone: '+8613800000001', address1: '测试路 100 号', countryCode: 'CN' }), { tenantId: TEST_TENANT, row: externalOrderId, field: 'shipTo' }), ...over,
});
const receive = (data: Told) => subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: Date.parse(data.updatedAt), data }));
let next = 0;
const taken = async (unitPriceMinor: number, over: Partial<Told> = {}): Promise<{ id: string; external: string }> => {
  const external = `f${(next += 1)}`;
  await receive(told(external, unitPriceMinor, over));
  const [{ id }] = await subgraph.rows<Json>(TEST_TENANT, 'select id from sales_order where external_order_id = ?', [external]);
  return { id, external };
};
const held = (orderId: string) => subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 1 }] } }));
const short = (orderId: string) => subgraph.deliver(stockShort({ tenantId: TEST_TENANT, sequence: 1, data: { orderId, lines: [{ skuId: MUG, asked: 1, available: 0 }] } }));
const FIELDS = 'id status version exceptions { id code state subjects acceptedAt availableActions { action enabled reason } } availableActions { action enabled reason } timeline { deed actorKind actorId detail }';
const look = async (id: string, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask(`query($id: ID!) { order(id: $id) { ${FIELDS} } }`, { id }, viewer)).data?.order;
const accept = async (exceptionId: string, over: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> => {
  const answer = await subgraph.ask(`mutation($input: AcceptExceptionInput!) { acceptException(input: $input) { order { ${FIELDS} } userErrors { code field } } }`, { input: { exceptionId, reason: 'Samples for the fair', idempotencyKey: newId('req'), ...over } }, viewer);
  return answer.data?.acceptException ?? answer.errors;
};
const retryDue = async (): Promise<void> => {
  const job = subgraph.jobs.definitions.find(({ name }) => name === 'orders.retry-short-order')!;
  for await (const batch of job.due!()) for (const { payload } of batch) await job.run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 });
};
const shipReason = (order: Json): string | null => order.availableActions.find(({ action }: Json) => action === 'SHIP').reason;
const eventsOf = async (type: string, orderId: string) => (await subgraph.recorded(type)).filter(({ subject }) => subject === orderId).map(({ data }) => data as Json);

describe('an order below the floor', () => {
  it('is kept, held and flagged, and not shipped until somebody accepts it, saying why', async () => {
    const { id } = await taken(4999);
    await held(id);
    const flagged = await look(id);
    expect(flagged).toMatchObject({ status: 'TO_SHIP', exceptions: [{ code: 'PRICE_BELOW_FLOOR', state: 'OPEN', subjects: ['MUG x 1: 49.99 < 50.00 CNY'], availableActions: [{ action: 'ACCEPT', enabled: true, reason: null }] }] });
    expect(shipReason(flagged)).toBe('EXCEPTION_OPEN');
    expect(await eventsOf('orders.order-exception-raised.v2', id)).toMatchObject([{ code: 'PRICE_BELOW_FLOOR' }]);
    const { order, userErrors } = await accept(flagged.exceptions[0].id);
    expect(userErrors).toEqual([]);
    expect(shipReason(order)).toBeNull();
    expect(order.exceptions).toMatchObject([{ state: 'RESOLVED', acceptedAt: expect.any(String), availableActions: [{ action: 'ACCEPT', enabled: false, reason: 'EXCEPTION_CLOSED' }] }]);
    const entry = order.timeline.find(({ deed }: Json) => deed === 'EXCEPTION_ACCEPTED');
    expect(entry).toMatchObject({ actorKind: 'STAFF', actorId: staffOf(TEST_TENANT).subjectId });
    expect(JSON.parse(entry.detail)).toMatchObject({ code: 'PRICE_BELOW_FLOOR', reason: 'Samples for the fair' });
    expect(await eventsOf('orders.order-exception-resolved.v1', id)).toHaveLength(1);
  });

  it('is judged by its channel\'s own floor, by the newest word, and not where the floor was taken away', async () => {
    await floor(4000, CONNECTION);
    expect((await look((await taken(4500)).id)).exceptions).toEqual([]);
    await floor(9900, CONNECTION, 1);
    expect((await look((await taken(4500)).id)).exceptions).toEqual([]);
    await floor(null, CONNECTION);
    expect((await look((await taken(4500)).id)).exceptions).toMatchObject([{ code: 'PRICE_BELOW_FLOOR' }]);
  });

  it('with a name that nobody knew is judged when the name is mapped', async () => {
    const { id } = await taken(100, { lines: [{ externalLineId: '1', externalSku: 'CUP', title: 'Cup', quantity: 1, unitPriceMinor: 100, discountMinor: 0 }] });
    expect((await look(id)).exceptions).toMatchObject([{ code: 'UNKNOWN_SKU', availableActions: [{ action: 'MAP_SKU', enabled: true }] }]);
    const cup = newId('sku');
    await subgraph.deliver(floorPriceChanged({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: cup, connectionId: null, currency: 'CNY', amountMinor: 200 } }));
    await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: cup, productId: newId('prd'), code: 'CUP' } }));
    expect((await look(id)).exceptions).toMatchObject([{ code: 'UNKNOWN_SKU', state: 'RESOLVED' }, { code: 'PRICE_BELOW_FLOOR', state: 'OPEN', subjects: ['CUP x 1: 1.00 < 2.00 CNY'] }]);
  });

  it('is accepted once, by who may, with a reason, in their own channels', async () => {
    const { id } = await taken(1);
    const [{ id: exceptionId }] = (await look(id)).exceptions;
    expect(await accept(exceptionId, { reason: ' ' })).toMatchObject({ order: null, userErrors: [{ code: 'REASON_INVALID' }] });
    expect(await accept(exceptionId, { reason: 'x'.repeat(201) })).toMatchObject({ userErrors: [{ code: 'REASON_INVALID' }] });
    expect(await accept(newId('exc'))).toMatchObject({ userErrors: [{ code: 'EXCEPTION_NOT_FOUND' }] });
    expect(await accept(exceptionId, {}, staffOf(TEST_TENANT, { channels: [newId('con')] }))).toMatchObject({ userErrors: [{ code: 'EXCEPTION_NOT_FOUND' }] });
    const packer = staffOf(TEST_TENANT, { scopes: ['orders:read', 'orders:write'] });
    expect((await look(id, packer)).exceptions[0].availableActions).toEqual([{ action: 'ACCEPT', enabled: false, reason: 'ACCEPTING_NOT_ALLOWED' }]);
    expect(await accept(exceptionId, {}, packer)).toMatchObject({ userErrors: [{ code: 'ACCEPTING_NOT_ALLOWED' }] });
    expect(await accept(exceptionId, {}, staffOf(TEST_TENANT, { scopes: ['orders:read'] }))).toMatchObject([{ code: 'FORBIDDEN' }]);
    const key = newId('req');
    const both = await Promise.all([accept(exceptionId, { idempotencyKey: key }), accept(exceptionId)]);
    expect(both.map(({ userErrors }) => userErrors.map(({ code }: Json) => code))).toContainEqual([]);
    expect((await look(id)).timeline.filter(({ deed }: Json) => deed === 'EXCEPTION_ACCEPTED')).toHaveLength(1);
    expect(await accept(exceptionId)).toMatchObject({ userErrors: [{ code: 'EXCEPTION_CLOSED' }] });
  });
});

describe('an order that is short', () => {
  it('waits for its goods when a person agrees, is asked for again, and goes on when they come', async () => {
    const { id } = await taken(5900);
    await short(id);
    const [{ id: exceptionId, availableActions }] = (await look(id)).exceptions;
    expect(availableActions).toEqual([{ action: 'RETRY_RESERVATION', enabled: true, reason: null }, { action: 'ACCEPT', enabled: true, reason: null }]);
    expect((await accept(exceptionId, { reason: 'The buyer waits' })).order.exceptions).toMatchObject([{ code: 'STOCK_SHORT', state: 'WAITING' }]);
    expect(await eventsOf('orders.order-exception-resolved.v1', id)).toHaveLength(1);
    const asked = async () => (await eventsOf('orders.order-placed.v1', id)).length;
    await retryDue();
    expect(await asked()).toBe(1);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update order_exception set next_try_at = app_now() - interval '1 second' where id = ?", [exceptionId]));
    await retryDue();
    expect(await asked()).toBe(2);
    await retryDue();
    expect(await asked()).toBe(2);
    await short(id);
    const still = await look(id);
    expect(still.exceptions).toMatchObject([{ state: 'WAITING' }]);
    expect(still.timeline.filter(({ deed }: Json) => deed === 'STOCK_SHORT')).toHaveLength(1);
    await held(id);
    expect(await look(id)).toMatchObject({ status: 'TO_SHIP', exceptions: [{ code: 'STOCK_SHORT', state: 'RESOLVED' }] });
    expect(await eventsOf('orders.order-exception-resolved.v1', id)).toHaveLength(1);
  });
});

describe('an address that lacks something', () => {
  it('may be accepted as it is, and is not flagged again until the channel tells a worse one', async () => {
    const bare = (external: string, name: string | null) => testVault().seal(JSON.stringify({ name, address1: null, phone: '+8613800000001' }), { tenantId: TEST_TENANT, row: external, field: 'shipTo' });
    const external = `f${next + 1}`;
    const { id } = await taken(5900, { sealedShipTo: bare(external, '张三') });
    const [exception] = (await look(id)).exceptions;
    expect(exception).toMatchObject({ code: 'BAD_ADDRESS', subjects: ['address1'], availableActions: [{ action: 'CHANGE_ADDRESS', enabled: true }, { action: 'ACCEPT', enabled: true }] });
    await accept(exception.id, { reason: 'Fetched at the shop' });
    await receive(told(external, 5900, { sealedShipTo: bare(external, '张三'), updatedAt: '2026-11-01T09:00:00Z' }));
    expect((await look(id)).exceptions).toHaveLength(1);
    await receive(told(external, 5900, { sealedShipTo: bare(external, null), updatedAt: '2026-11-01T10:00:00Z' }));
    expect((await look(id)).exceptions).toMatchObject([{ state: 'RESOLVED' }, { state: 'OPEN', subjects: ['name', 'address1'] }]);
  });
});

describe('the work list', () => {
  it('shows what waits in the channels that a person may see, with its orders, in one statement a level', async () => {
    const connectionId = newId('con');
    for (let n = 0; n < 5; n += 1) await taken(10, { connectionId });
    const viewer = staffOf(TEST_TENANT, { channels: [connectionId] });
    const ask = (filter: object) => subgraph.ask('query($filter: OrderExceptionFilterInput) { orderExceptions(first: 3, filter: $filter) { totalCount nodes { code state order { id status } availableActions { action enabled } } pageInfo { hasNextPage } } }', { filter }, viewer);
    let page: Json;
    const statements = await subgraph.sql.during(async () => { page = (await ask({ codes: ['PRICE_BELOW_FLOOR'] })).data?.orderExceptions; });
    expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    expect(page.nodes).toHaveLength(3);
    expect(page.nodes[0]).toMatchObject({ code: 'PRICE_BELOW_FLOOR', state: 'OPEN', order: { status: 'RESERVING' }, availableActions: [{ action: 'ACCEPT', enabled: true }] });
    // The page, its count, the orders.
    expect(statements).toHaveLength(3);
    expect((await ask({ codes: ['STOCK_SHORT'] })).data?.orderExceptions.nodes).toEqual([]);
  });
});
