import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelSkuMapped, orderReceived, skuCreated, stockReserved, stockShort, type EventEnvelope, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

const CONNECTION = newId('con');
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders);
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: MUG, productId: newId('prd'), code: 'MUG' } }));
});
afterAll(() => subgraph.close());

const MUG = newId('sku');
const shipTo = { name: '张三', phone: '+8613800000001', address1: '测试路 100 号', city: '杭州', province: '浙江', postalCode: '310000', countryCode: 'CN' };

type Told = EventOf<typeof orderReceived>['data'];
const told = (externalOrderId: string, over: Partial<Told> = {}): Told => ({
  connectionId: CONNECTION, platform: 'SHOPIFY', deliveryId: newId('dlv'), externalOrderId, orderNumber: `#${externalOrderId}`,
  placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null, rawStatus: 'paid/unfulfilled',
  amounts: { currency: 'CNY', itemsMinor: 5900, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false, totalMinor: 5900 },
  lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 1, unitPriceMinor: 5900, discountMinor: 0 }],
  customer: { externalId: 'c1', phoneIndex: null, emailIndex: null, sealed: null },
  sealedShipTo: testVault().seal(JSON.stringify(shipTo), { tenantId: TEST_TENANT, row: externalOrderId, field: 'shipTo' }),
  ...over,
});
const receive = (data: Told) => subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: Date.parse(data.updatedAt), data }));
const find = async (externalOrderId: string): Promise<Json> =>
  (await subgraph.rows<Json>(TEST_TENANT, 'select id, status, stock_state, payment_state, version, total_minor::int as total from sales_order where external_order_id = ?', [externalOrderId]))[0];
const held = async (externalOrderId: string) => {
  const { id } = await find(externalOrderId);
  return subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: id, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 1 }] } }));
};
const short = async (externalOrderId: string) => {
  const { id } = await find(externalOrderId);
  return subgraph.deliver(stockShort({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: id, lines: [{ skuId: MUG, asked: 1, available: 0 }] } }));
};
const told_ = async (externalOrderId: string, but = 'orders.order-changed.v1') => {
  const { id } = await find(externalOrderId);
  return (await subgraph.recorded()).filter((event) => event.subject === id && event.type !== but).map((event) => event.type.split('.')[1]);
};
let next = 0;
const newOrder = () => `n${(next += 1)}`;

describe('orders that come together', () => {
  const receivedOf = (externals: readonly string[], over: Partial<Told> = {}) => externals.map((external) => subgraph.envelope(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data: told(external, over) })));
  const reservedOf = (externals: readonly string[]) => Promise.all(externals.map(async (external) =>
    subgraph.envelope(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: (await find(external)).id, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 1 }] } }))));
  const statements = async (events: readonly EventEnvelope[]) => (await subgraph.sql.during(() => subgraph.redeliver(...events))).length;

  it('cost as many statements as one alone, from taking in to confirming', async () => {
    const [one, many] = [[newOrder()], Array.from({ length: 30 }, newOrder)];
    const [alone, together] = [await statements(receivedOf(one)), await statements(receivedOf(many))];
    expect(together).toBe(alone);
    const [heldAlone, heldTogether] = [await statements(await reservedOf(one)), await statements(await reservedOf(many))];
    expect(heldTogether).toBe(heldAlone);
    for (const external of [...one, ...many]) expect(await find(external)).toMatchObject({ status: 'TO_SHIP', stock_state: 'HELD' });
  });

  it('are each judged by themselves: a known one, a bad one, one with an unknown name and one that was cancelled', async () => {
    const [fresh, known, bad, unknown, gone] = [newOrder(), newOrder(), newOrder(), newOrder(), newOrder()];
    await receive(told(known, { paymentState: 'PENDING' }));
    const line = told(fresh).lines[0]!;
    await subgraph.redeliver(
      ...receivedOf([fresh]), ...receivedOf([known], { updatedAt: '2026-11-01T09:00:00Z' }), ...receivedOf([bad], { lines: [{ ...line, quantity: 0 }] }),
      ...receivedOf([unknown], { lines: [{ ...line, externalSku: 'NOBODY-KNOWS' }] }), ...receivedOf([gone], { cancelledAt: '2026-11-01T08:30:00Z' }));
    expect(await Promise.all([fresh, known, bad, unknown, gone].map(async (external) => { const order = await find(external); return [order.status, order.stock_state, order.payment_state]; }))).toEqual([
      ['RESERVING', 'WANTED', 'PAID'], ['RESERVING', 'WANTED', 'PAID'], ['RESERVING', 'NONE', 'PAID'], ['RESERVING', 'NONE', 'PAID'], ['CANCELLED', 'NONE', 'PAID'],
    ]);
  });

  it('are one row where two processes are told of the same ones at the same moment, in any order', async () => {
    const externals = Array.from({ length: 12 }, newOrder);
    await Promise.all([externals, [...externals].reverse()].map((list) => subgraph.redeliver(...receivedOf(list))));
    const [row] = await subgraph.rows<Json>(TEST_TENANT, `select count(*)::int as count from sales_order where external_order_id in (${externals.map(() => '?').join(', ')})`, externals);
    expect(row.count).toBe(externals.length);
  });
});

describe('what a buyer wished and wrote', () => {
  const WISHES = 'shippingMethod notes { buyer gift instructions seller } lines { externalProductId externalVariantId }';
  const notes = (external: string, over: object) => testVault().seal(JSON.stringify({ buyer: null, gift: null, instructions: null, seller: null, ...over }), { tenantId: TEST_TENANT, row: external, field: 'notes' });
  const wishes = async (external: string): Promise<Json> => (await subgraph.ask(`query($id: ID!) { order(id: $id) { ${WISHES} } }`, { id: (await find(external)).id })).data?.order;

  it('is kept sealed and shown without the numbers that people are reached by, and follows the channel', async () => {
    const external = newOrder();
    const line = { ...told(external).lines[0]!, externalProductId: '700', externalVariantId: '701' };
    await receive(told(external, { shippingMethod: '顺丰特快', lines: [line], sealedNotes: notes(external, { buyer: '请周末送达，电话 13812341234', gift: '生日快乐', instructions: '刻字: 安娜', seller: '老客户' }) }));
    expect(await wishes(external)).toEqual({
      shippingMethod: '顺丰特快', notes: { buyer: '请周末送达，电话 ***', gift: '生日快乐', instructions: '刻字: 安娜', seller: '老客户' }, lines: [{ externalProductId: '700', externalVariantId: '701' }],
    });
    const [row] = await subgraph.rows<Json>(TEST_TENANT, 'select sealed_notes from sales_order where external_order_id = ?', [external]);
    expect(row.sealed_notes).toMatch(/^s1\./);
    // From a release that did not tell of it; then the buyer takes it back.
    await receive(told(external, { updatedAt: '2026-11-01T09:00:00Z', lines: [line] }));
    expect((await wishes(external)).notes.gift).toBe('生日快乐');
    await receive(told(external, { updatedAt: '2026-11-01T10:00:00Z', lines: [line], shippingMethod: null, sealedNotes: null }));
    expect(await wishes(external)).toMatchObject({ shippingMethod: null, notes: null });
  });
});

describe('lines that share an id', () => {
  it('are two rows, told apart by their place, and the same again is no change', async () => {
    const external = newOrder();
    const line = told(external).lines[0]!;
    const twice = { lines: [line, { ...line, quantity: 3 }] };
    await receive(told(external, twice));
    await held(external);
    await receive(told(external, { ...twice, updatedAt: '2026-11-01T09:00:00Z' }));
    expect(await subgraph.rows(TEST_TENANT, "select external_line_id as id, quantity from order_line where order_id = ? order by 1", [(await find(external)).id])).toEqual([{ id: '1', quantity: 1 }, { id: '1#2', quantity: 3 }]);
    expect(await told_(external)).not.toContain('order-exception-raised');
  });
});

describe('taking an order in', () => {
  it('asks for stock, and confirms once it is held and paid', async () => {
    const external = newOrder();
    await receive(told(external));
    expect(await find(external)).toMatchObject({ status: 'RESERVING', stock_state: 'WANTED' });
    await held(external);
    expect(await find(external)).toMatchObject({ status: 'TO_SHIP', stock_state: 'HELD' });
    expect(await told_(external)).toEqual(['order-placed', 'order-confirmed']);
  });

  it('waits unpaid when it is pending or authorized, and goes on when the money is in', async () => {
    for (const paymentState of ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID'] as const) {
      const external = newOrder();
      await receive(told(external, { paymentState }));
      await held(external);
      expect(await find(external)).toMatchObject({ status: 'PENDING_PAYMENT' });
      expect(await told_(external)).toEqual(['order-placed']);
      await receive(told(external, { paymentState: 'PAID', updatedAt: '2026-11-01T08:00:01Z' }));
      expect(await find(external)).toMatchObject({ status: 'TO_SHIP' });
      expect(await told_(external)).toEqual(['order-placed', 'order-confirmed']);
    }
  });

  it('is one order and one effect however often, at once and in whatever order it is told', async () => {
    const external = newOrder();
    const pending = told(external, { paymentState: 'PENDING' });
    const paid = told(external, { updatedAt: '2026-11-01T08:05:00Z' });
    await Promise.all([receive(paid), receive(pending), receive(paid), receive(pending), receive(told(external))]);
    const event = await held(external);
    await Promise.all([receive(pending), subgraph.redeliver(event, event), receive(paid), held(external)]);
    expect(await find(external)).toMatchObject({ status: 'TO_SHIP', payment_state: 'PAID' });
    expect(await told_(external)).toEqual(['order-placed', 'order-confirmed']);
  });

  it('ends with the channel however old the picture is that came with its end', async () => {
    const external = newOrder();
    await receive(told(external, { updatedAt: '2026-11-01T09:00:00Z' }));
    await held(external);
    // Shopify's cancel notice may carry a snapshot from before what we know.
    const end = told(external, { paymentState: 'PENDING', cancelledAt: '2026-11-01T08:30:00Z', updatedAt: '2026-11-01T08:30:00Z' });
    await receive(end);
    await receive(end);
    expect(await find(external)).toMatchObject({ status: 'CANCELLED', payment_state: 'PAID', version: 3 });
    expect(await told_(external)).toEqual(['order-placed', 'order-confirmed', 'order-cancelled']);
  });

  it('lets nothing older change anything', async () => {
    const external = newOrder();
    await receive(told(external, { updatedAt: '2026-11-01T09:00:00Z' }));
    const before = await find(external);
    await receive(told(external, { updatedAt: '2026-11-01T08:59:59Z', paymentState: 'VOIDED', amounts: { ...told(external).amounts, totalMinor: 1 } }));
    expect(await find(external)).toEqual(before);
  });

  it('keeps what it has booked when a later update tells other amounts', async () => {
    const external = newOrder();
    await receive(told(external));
    await held(external);
    await receive(told(external, { updatedAt: '2026-11-02T00:00:00Z', paymentState: 'PARTIALLY_REFUNDED', amounts: { ...told(external).amounts, totalMinor: 100 } }));
    expect(await find(external)).toMatchObject({ total: 5900, status: 'TO_SHIP', payment_state: 'PARTIALLY_REFUNDED' });
  });
});

describe('an order that ends', () => {
  it.each([
    ['cancelled', { cancelledAt: '2026-11-01T09:00:00Z' }, 'CANCELLED_BY_CHANNEL'],
    ['voided', { paymentState: 'VOIDED' }, 'VOIDED'],
    ['refunded', { paymentState: 'REFUNDED' }, 'REFUNDED'],
  ] as const)('is told when it is %s, before and after it was confirmed', async (_, end, reason) => {
    for (const confirmed of [false, true]) {
      const external = newOrder();
      await receive(told(external, { paymentState: confirmed ? 'PAID' : 'PENDING' }));
      await held(external);
      await receive(told(external, { ...end, updatedAt: '2026-11-01T09:00:00Z' }));
      expect(await find(external)).toMatchObject({ status: 'CANCELLED' });
      const [cancelled] = (await subgraph.recorded('orders.order-cancelled.v1')).slice(-1);
      expect(cancelled?.data).toMatchObject({ reason, wasConfirmed: confirmed });
    }
  });

  it('asks for nothing when it is already ended at its first tidings', async () => {
    const external = newOrder();
    await receive(told(external, { paymentState: 'VOIDED', cancelledAt: '2026-11-01T08:00:00Z' }));
    expect(await find(external)).toMatchObject({ status: 'CANCELLED' });
    expect((await told_(external)).filter((type) => type === 'order-placed')).toEqual([]);
  });

  it('stays ended when the answer of inventory or an update comes late', async () => {
    const external = newOrder();
    await receive(told(external));
    await receive(told(external, { cancelledAt: '2026-11-01T09:00:00Z', updatedAt: '2026-11-01T09:00:00Z' }));
    await held(external);
    await short(external);
    await receive(told(external, { updatedAt: '2026-11-01T10:00:00Z' }));
    expect(await find(external)).toMatchObject({ status: 'CANCELLED' });
    expect(await told_(external)).toEqual(['order-placed', 'order-cancelled']);
  });
});

describe('exceptions', () => {
  const line = (externalSku: string) => [{ externalLineId: '1', externalSku, title: 'x', quantity: 1, unitPriceMinor: 5900, discountMinor: 0 }];
  const map = (externalSku: string, connectionId = CONNECTION, sequence = 1) =>
    subgraph.deliver(channelSkuMapped({ tenantId: TEST_TENANT, sequence, data: { connectionId, externalSku, skuId: MUG } }));

  it('keeps an order with an unknown SKU and goes on when it is mapped', async () => {
    const external = newOrder();
    await receive(told(external, { lines: line('variant:77') }));
    expect(await told_(external)).toEqual(['order-exception-raised']);
    await map('variant:77', newId('con'));
    expect(await find(external)).toMatchObject({ stock_state: 'NONE' });
    const event = await map('variant:77');
    await subgraph.redeliver(event);
    expect(await find(external)).toMatchObject({ stock_state: 'WANTED' });
    expect(await told_(external)).toEqual(['order-exception-raised', 'order-exception-resolved', 'order-placed']);
  });

  it('misses no mapping that arrives at the same moment as the order', async () => {
    const externals = Array.from({ length: 12 }, newOrder);
    await Promise.all(externals.flatMap((external) => [receive(told(external, { lines: line(`code-${external}`) })), map(`code-${external}`)]));
    for (const external of externals) expect(await find(external)).toMatchObject({ stock_state: 'WANTED' });
  });

  it('says that stock is short, once, and asks again when told to', async () => {
    const external = newOrder();
    await receive(told(external));
    await short(external);
    await short(external);
    expect(await told_(external)).toEqual(['order-placed', 'order-exception-raised']);
    const { id } = await find(external);
    const RETRY = 'mutation($input: RetryReservationInput!) { retryReservation(input: $input) { order { status exceptions { code state } } userErrors { code } } }';
    const input = { orderId: id, idempotencyKey: 'again' };
    const first = await subgraph.ask(RETRY, { input });
    expect(first.data?.retryReservation.order.exceptions).toEqual([{ code: 'STOCK_SHORT', state: 'RESOLVED' }]);
    await subgraph.ask(RETRY, { input });
    expect(await told_(external)).toEqual(['order-placed', 'order-exception-raised', 'order-exception-resolved', 'order-placed']);
    await held(external);
    expect(await find(external)).toMatchObject({ status: 'TO_SHIP' });
    expect((await subgraph.ask(RETRY, { input: { ...input, idempotencyKey: 'late' } })).data?.retryReservation.userErrors).toEqual([{ code: 'NOT_SHORT' }]);
    const stranger = staffOf(TEST_TENANT, { channels: [] });
    expect((await subgraph.ask(RETRY, { input: { ...input, idempotencyKey: 'other' } }, stranger)).data?.retryReservation.userErrors).toEqual([{ code: 'ORDER_NOT_FOUND' }]);
  });

  it('follows changed lines until stock was asked for, and leaves them to a person after that', async () => {
    const early = newOrder();
    await receive(told(early, { lines: line('nobody-knows') }));
    await receive(told(early, { lines: line('MUG'), updatedAt: '2026-11-01T08:01:00Z' }));
    expect(await told_(early)).toEqual(['order-exception-raised', 'order-exception-resolved', 'order-placed']);
    const late = newOrder();
    await receive(told(late));
    await receive(told(late, { lines: line('OTHER'), updatedAt: '2026-11-01T08:01:00Z' }));
    expect(await told_(late)).toEqual(['order-placed', 'order-exception-raised']);
  });
});

describe('reading orders', () => {
  const LIST = 'query($first: Int, $filter: OrderFilterInput) { orders(first: $first, filter: $filter) { totalCount nodes { id orderNumber amounts { total { amount currency } } shipTo { name phone addressLine city } lines { externalSku unitPrice { amount } sku { id } } exceptions { code } channel { id } } } }';

  it('asks once for each level, however many orders', async () => {
    for (let n = 0; n < 3; n += 1) await receive(told(newOrder()));
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(LIST, { first: 3 }); });
    expect(answer.errors).toEqual([]);
    expect(answer.data.orders.nodes[0]).toMatchObject({
      amounts: { total: { amount: '59.00', currency: 'CNY' } },
      shipTo: { name: '张**', phone: '138****0001', addressLine: '测试路***', city: '杭州' },
      lines: [{ externalSku: 'MUG', unitPrice: { amount: '59.00' }, sku: { id: MUG } }],
    });
    // The page, its count, the lines, the exceptions, and the orders' currencies for the lines' prices.
    expect(statements).toHaveLength(5);
  });

  it('gives each of many channels its own page in one statement', async () => {
    const channels = [newId('con'), newId('con'), newId('con')];
    for (const connectionId of channels) for (let n = 0; n < 3; n += 1) await receive(told(newOrder(), { connectionId }));
    const query = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Channel { id orders(first: 2) { nodes { channel { id } } pageInfo { hasNextPage } } } } }';
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(query, { refs: channels.map((id) => ({ __typename: 'Channel', id })) }); });
    for (const channel of answer.data._entities) {
      expect(channel.orders.nodes.map((node: Json) => node.channel.id)).toEqual([channel.id, channel.id]);
      expect(channel.orders.pageInfo.hasNextPage).toBe(true);
    }
    expect(statements).toHaveLength(1);
  });

  it('shows an operator only the channels granted, also through references', async () => {
    const mine = newId('con');
    const external = newOrder();
    await receive(told(external, { connectionId: mine }));
    const { id } = await find(external);
    const operator = staffOf(TEST_TENANT, { channels: [mine] });
    const list = await subgraph.ask(LIST, { first: 50 }, operator);
    expect(list.data?.orders.nodes.map((node: Json) => node.id)).toEqual([id]);
    const other = staffOf(TEST_TENANT, { channels: [newId('con')] });
    const reference = 'query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order { orderNumber } ... on Channel { orders { totalCount } } } }';
    expect((await subgraph.ask(reference, { refs: [{ __typename: 'Order', id }, { __typename: 'Channel', id: mine }] }, other)).data?._entities).toEqual([null, null]);
    expect((await subgraph.ask(LIST, {}, staffOf('ten_00000000000000000000000003'))).data?.orders.totalCount).toBe(0);
    expect((await subgraph.ask(LIST, {}, staffOf(TEST_TENANT, { scopes: [] }))).errors[0]?.code).toBe('FORBIDDEN');
  });

  it('filters by status, channel and open exceptions', async () => {
    const channel = newId('con');
    await receive(told(newOrder(), { connectionId: channel }));
    await receive(told(newOrder(), { connectionId: channel, lines: [{ externalLineId: '1', externalSku: 'unheard of', title: 'x', quantity: 1, unitPriceMinor: 1, discountMinor: 0 }] }));
    const count = async (filter: object) => (await subgraph.ask(LIST, { filter: { channelIds: [channel], ...filter } })).data?.orders.totalCount;
    expect(await count({})).toBe(2);
    expect(await count({ hasException: true })).toBe(1);
    expect(await count({ hasException: false })).toBe(1);
    expect(await count({ statuses: ['CANCELLED'] })).toBe(0);
  });
});

describe('personal data', () => {
  it('stands nowhere in clear', async () => {
    const external = newOrder();
    await receive(told(external));
    const dump = JSON.stringify([await subgraph.rows(TEST_TENANT, 'select * from sales_order'), await subgraph.recorded()]);
    for (const canary of ['13800000001', '测试路', '张三']) expect(dump).not.toContain(canary);
  });
});
