import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderConfirmed, orderReceived, orderShipped, refundPaid, skuCreated, tenantCreated, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { ROLES } from '@quanyu/viewer';
import { orders } from '../subgraph.js';

const [SHOP, OTHER] = [newId('con'), newId('con')];
const [MUG, TEA] = [newId('sku'), newId('sku')];
let subgraph: TestSubgraph;
type Told = EventOf<typeof orderReceived>['data'];
const told = (number: string, over: Partial<Told> = {}): Told => ({
  connectionId: SHOP, platform: 'SHOPIFY', deliveryId: newId('dlv'), externalOrderId: `ext-${number}`, orderNumber: `#${number}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z',
  paymentState: 'PAID', cancelledAt: null, rawStatus: 'paid/unfulfilled',
  amounts: { currency: 'CNY', itemsMinor: 5900, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 5900 },
  lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 1, unitPriceMinor: 5900, discountMinor: 0 }], customer: null, sealedShipTo: null, ...over,
});
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders);
  await subgraph.deliver(tenantCreated({ tenantId: TEST_TENANT, sequence: 1, data: { tenantId: TEST_TENANT, name: 'x', timeZone: 'Asia/Shanghai', baseCurrency: 'CNY' } }));
  for (const [skuId, code] of [[MUG, 'MUG'], [TEA, 'TEA']] as const) await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId, productId: newId('prd'), code } }));
  const many = [
    told('1001'), told('1002', { placedAt: '2026-12-01T00:00:00Z' }), told('2001', { connectionId: OTHER }),
    told('100%', { lines: [{ externalLineId: '1', externalSku: 'TEA', title: 'Tea', quantity: 1, unitPriceMinor: 1, discountMinor: 0 }] }), told('3001', { rawStatus: 'paid/unfulfilled/return_open' }), told('3002', { lines: [] }),
  ];
  for (const data of many) await subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data }));
});
afterAll(() => subgraph.close());

const LIST = 'query($first: Int, $after: String, $filter: OrderFilterInput, $query: String) { orders(first: $first, after: $after, filter: $filter, query: $query) { nodes { orderNumber } pageInfo { endCursor hasNextPage } } }';
const numbers = async (variables: object, viewer = staffOf(TEST_TENANT)): Promise<string[]> => (await subgraph.ask(LIST, { first: 50, ...variables }, viewer)).data?.orders.nodes.map((node: Json) => node.orderNumber);

describe('the list of orders', () => {
  it.each<[object, string[]]>([
    [{ channelIds: [OTHER] }, ['#2001']],
    [{ text: '100' }, ['#100%', '#1002', '#1001']],
    [{ text: '#100%' }, ['#100%']],
    [{ orderNumber: '#1002' }, ['#1002']],
    [{ orderNumber: '#100' }, []],
    [{ text: 'ext-2001' }, ['#2001']],
    [{ skuId: TEA }, ['#100%']],
    [{ placedFrom: '2026-11-15T00:00:00Z' }, ['#1002']],
    [{ placedBefore: '2026-11-01T08:00:00Z' }, []],
    [{ hasException: true }, ['#3002']],
    [{ inAfterSale: true }, ['#3001']],
    [{ source: 'OWN' }, []],
    [{ onHold: true }, []],
    [{ statuses: ['RESERVING'], skuId: MUG, channelIds: [SHOP], placedBefore: '2026-11-15T00:00:00Z', inAfterSale: false }, ['#1001']],
  ])('filtered by %j', async (filter, expected) => { expect(await numbers({ filter })).toEqual(expected); });

  it('takes a search that people type, and says what it does not understand', async () => {
    expect(await numbers({ query: `status:reserving channel:${SHOP} created_at:>=2026-11-15` })).toEqual(['#1002']);
    const wrong = await subgraph.ask(LIST, { query: 'colour:red' });
    expect([wrong.errors[0]?.code, wrong.errors[0]?.message]).toEqual(['INPUT_INVALID', expect.stringContaining('colour:red')]);
  });

  it('finds a number by an index, however many orders there are', async () => {
    const many = 'ten_00000000000000000000000009';
    await subgraph.deps.database.write(many, 'test', (em) => em.execute(
      `insert into sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at, currency, items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor)
       select 'ord_' || lpad(to_hex(n), 26, '0'), ?, ?, 'X', 'many-' || n, 'M' || n, 'RESERVING', 'NONE', 'PAID', 'x', now(), now(), 'CNY', 0, 0, 0, 0, true, 0 from generate_series(1, 5000) n`, [many, SHOP]));
    const plan = await subgraph.rows<Json>(many, 'explain select n.id from sales_order n where n.tenant_id = ? and n.order_number collate "C" >= ? and n.order_number collate "C" < ?', [many, 'M4242', 'M4242~']);
    expect(JSON.stringify(plan)).toContain('sales_order_number');
    // Few are in after-sale or on hold: they are not looked for among all the others.
    for (const [condition, index] of [["(after_sale <> 'NONE' or channel_after_sale <> 'NONE')", 'sales_order_in_after_sale'], ['on_hold', 'sales_order_on_hold']]) {
      expect(JSON.stringify(await subgraph.rows<Json>(many, `explain select id from sales_order where tenant_id = ? and ${condition} order by id desc limit 51`, [many]))).toContain(index);
    }
  });

  it('finds by a text few among many, and a page of many, without losing or doubling any', async () => {
    const many = staffOf('ten_00000000000000000000000009');
    expect(await numbers({ filter: { text: 'M4242' } }, many)).toEqual(['M4242']);
    expect(await numbers({ filter: { text: 'M424' } }, many)).toHaveLength(11);
    expect(await numbers({ filter: { text: 'M424', onHold: true } }, many)).toEqual([]);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { data }: Json = await subgraph.ask(LIST, { first: 250, after, filter: { text: 'M' } }, many);
      seen.push(...data.orders.nodes.map((node: Json) => node.orderNumber));
      ({ endCursor: after, hasNextPage: more } = data.orders.pageInfo);
    }
    expect([seen.length, new Set(seen).size]).toEqual([5000, 5000]);
  });

  it('lets an agent look up an order of a shop by the number or the id that it has there, in the channels granted, and change nothing', async () => {
    const agent = staffOf(TEST_TENANT, { scopes: [...ROLES.SERVICE_AGENT], channels: [SHOP] });
    const LOOK = `query($query: String) { orders(first: 5, query: $query) { nodes { orderNumber status rawStatus afterSale channel { id } lines { title quantity shippedQuantity } parcels { carrier trackingNumber }
      refunds { state } timeline { deed at } availableActions { action enabled } shipTo { name phone } } } }`;
    for (const query of ['1001', '#1001', 'ext-1001']) {
      const { data, errors } = await subgraph.ask(LOOK, { query }, agent) as Json;
      expect([query, errors, data.orders.nodes]).toMatchObject([query, [], [{ orderNumber: '#1001', status: 'RESERVING', rawStatus: 'paid/unfulfilled', channel: { id: SHOP }, lines: [{ title: 'Mug', quantity: 1, shippedQuantity: 0 }] }]]);
    }
    expect((await subgraph.ask(LOOK, { query: '2001' }, agent)).data?.orders.nodes).toEqual([]);
    const [{ id }] = await subgraph.rows<{ id: string }>(TEST_TENANT, "select id from sales_order where order_number = '#1001'") as [{ id: string }];
    const held = await subgraph.ask('mutation($input: HoldOrderInput!) { holdOrder(input: $input) { userErrors { code } } }', { input: { orderId: id, reason: 'x', idempotencyKey: 'agent' } }, agent);
    expect(held.errors[0]?.code).toBe('FORBIDDEN');
  });

  it('goes page by page without losing or doubling any', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data }: Json = await subgraph.ask(LIST, { first: 2, after });
      seen.push(...data.orders.nodes.map((node: Json) => node.orderNumber));
      after = data.orders.pageInfo.hasNextPage ? data.orders.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['#3002', '#3001', '#100%', '#2001', '#1002', '#1001']);
  });

  it('shows everything that an operator sees with one statement for each level', async () => {
    const EVERYTHING = `{ orders(first: 50) { nodes { id orderNumber status rawStatus source onHold partiallyShipped afterSale payBy amounts { total { amount } } refundedAmount { amount } shipTo { name }
      lines { title quantity shippedQuantity unitPrice { amount } } exceptions { code state } parcels { trackingNumber lines { quantity line { title } } } payments { state } refunds { state } afterSales { id } timeline { deed } availableActions { action enabled } channel { id } ownChannel { name } } } }`;
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await subgraph.ask(EVERYTHING); });
    expect(answer.errors).toEqual([]);
    expect(answer.data.orders.nodes).toHaveLength(6);
    // The page; lines, exceptions, parcels, payments, refunds, after-sales, timeline; the orders' currencies for the lines' prices.
    expect(statements).toHaveLength(9);
  });
});

describe('figures', () => {
  const FIGURES = 'query($from: String!, $to: String!, $ids: [ID!]) { orderFigures(from: $from, to: $to, channelIds: $ids) { rows { day channelId currency orders gmv { amount } averageValue { amount } cancelled refunded { amount } returnRate shipped onTimeRate } totals { orders gmv { amount } currency } } }';
  const [A, B] = [newId('con'), newId('con')];
  const confirmedAt = '2026-10-01T16:30:00Z';
  const confirmed = (orderId: string, connectionId: string, totalMinor: number, currency = 'CNY') => orderConfirmed({
    tenantId: TEST_TENANT, sequence: 1, data: { orderId, connectionId, customer: null, paidAt: confirmedAt, confirmedAt, amounts: { currency, itemsMinor: totalMinor, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor } },
  });
  const shipped = (orderId: string, shippedAt: string) => orderShipped({ tenantId: TEST_TENANT, sequence: 2, data: { orderId, connectionId: A, parcelId: newId('prl'), externalOrderId: 'x', by: 'US', carrier: 'SF', trackingNumber: '1', lines: [], complete: true, shippedAt, confirmedAt } });
  const refunded = (orderId: string, amountMinor: number, refundedBeforeMinor: number) => refundPaid({ tenantId: TEST_TENANT, sequence: 3, data: { orderId, connectionId: A, refundId: newId('rfd'), afterSaleId: newId('afs'), currency: 'CNY', amountMinor, refundedBeforeMinor, totalMinor: 1000, confirmedAt } });
  const ask = async (variables: object, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask(FIGURES, { from: '2026-10-01', to: '2026-10-03', ...variables }, viewer)).data?.orderFigures;

  it('are kept by events, once each, and told without counting an order', async () => {
    const ids = Array.from({ length: 4 }, () => newId('ord'));
    const events = [];
    for (const [n, id] of ids.entries()) events.push(await subgraph.deliver(confirmed(id, n === 3 ? B : A, 1000 + n)));
    // Orders that the shipping and refunding tell of stand in the table, for their currency.
    for (const id of ids) await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(
      "insert into sales_order (id, tenant_id, connection_id, platform, external_order_id, order_number, status, stock_state, payment_state, raw_status, placed_at, external_updated_at, currency, items_minor, discount_minor, shipping_minor, tax_minor, taxes_included, total_minor) values (?, ?, ?, 'X', ?, 'n', 'RESERVING', 'NONE', 'PAID', 'x', now(), now(), 'CNY', 0, 0, 0, 0, true, 1000)", [id, TEST_TENANT, newId('con'), id]));
    events.push(await subgraph.deliver(shipped(ids[0]!, '2026-10-02T00:00:00Z')), await subgraph.deliver(shipped(ids[1]!, '2026-10-09T00:00:00Z')), await subgraph.deliver(refunded(ids[0]!, 300, 0)), await subgraph.deliver(refunded(ids[0]!, 700, 300)));
    events.push(await subgraph.deliver(orderCancelled({ tenantId: TEST_TENANT, sequence: 4, data: { orderId: ids[2]!, connectionId: A, reason: 'CANCELLED_BY_STAFF', wasConfirmed: true } }), { time: '2026-10-01T20:00:00Z' }));
    await subgraph.redeliver(...events, ...events);
    let answer: Json;
    const statements = await subgraph.sql.during(async () => { answer = await ask({ ids: [A, B] }); });
    expect(statements).toHaveLength(1);
    // 16:30 in UTC is the next day in Shanghai.
    expect(answer.rows.find((row: Json) => row.channelId === A)).toEqual({
      day: '2026-10-02', channelId: A, currency: 'CNY', orders: 3, gmv: { amount: '30.03' }, averageValue: { amount: '10.01' }, cancelled: 1, refunded: { amount: '10.00' }, returnRate: 0.3333, shipped: 2, onTimeRate: 0.5,
    });
    expect(answer.totals).toEqual([{ currency: 'CNY', orders: 4, gmv: { amount: '40.06' } }]);
  });

  it('add up when many are told in one batch, and at once', async () => {
    const C = newId('con');
    const envelopes = Array.from({ length: 120 }, () => confirmed(newId('ord'), C, 7)).map((draft) => ({ ...draft, id: newId('evt'), source: 'orders', time: new Date().toISOString(), correlationId: null, causationId: null }));
    await Promise.all([subgraph.door.accept(envelopes.slice(0, 60)), subgraph.door.accept(envelopes.slice(60)), subgraph.door.accept(envelopes.slice(30, 90))]);
    expect((await ask({ ids: [C] })).totals).toEqual([{ currency: 'CNY', orders: 120, gmv: { amount: '8.40' } }]);
  });

  it('show an operator the channels granted, and refuse days that are none', async () => {
    expect((await ask({}, staffOf(TEST_TENANT, { channels: [B] }))).rows.map((row: Json) => row.channelId)).toEqual([B]);
    expect((await ask({ ids: [A] }, staffOf(TEST_TENANT, { channels: [B] }))).rows).toEqual([]);
    for (const days of [{ from: '2026-10-03', to: '2026-10-01' }, { from: 'x', to: 'y' }, { from: '2020-01-01', to: '2026-01-01' }]) expect((await subgraph.ask(FIGURES, days)).errors[0]?.code).toBe('INPUT_INVALID');
  });
});
