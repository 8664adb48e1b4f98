import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderReceived, skuCreated, stockReserved, stockShort, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

const CONNECTION = newId('con');
const MUG = newId('sku');
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders);
  await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId: MUG, productId: newId('prd'), code: 'MUG' } }));
});
afterAll(() => subgraph.close());

type Told = EventOf<typeof orderReceived>['data'];
let number = 0;
const told = (over: Partial<Told> = {}): Told => {
  number += 1;
  return {
    connectionId: CONNECTION, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId: `life-${number}`, orderNumber: `${number}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z',
    paymentState: 'PAID', cancelledAt: null, rawStatus: 'wait_seller_send_goods',
    amounts: { currency: 'CNY', itemsMinor: 5900, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: true, totalMinor: 5900 },
    lines: [{ externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 2, unitPriceMinor: 2950, discountMinor: 0 }], customer: null, sealedShipTo: null, ...over,
  };
};
const receive = (data: Told) => subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: Date.parse(data.updatedAt), data }));
const idOf = async ({ externalOrderId }: Told): Promise<string> => (await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from sales_order where external_order_id = ?', [externalOrderId]))[0]!.id;
const held = async (order: Told) => subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: await idOf(order), reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 2 }] } }));
const toShip = async (over: Partial<Told> = {}): Promise<Told> => {
  const order = told(over);
  await receive(order);
  await held(order);
  return order;
};
const later = (order: Told, minutes: number, over: Partial<Told>): Told => ({ ...order, updatedAt: new Date(Date.parse(order.updatedAt) + minutes * 60_000).toISOString(), ...over });
const FIELDS = 'status rawStatus refunded onHold holdReason partiallyShipped afterSale shippedAt completedAt exceptions { code state subjects } lines { quantity shippedQuantity } parcels { carrier trackingNumber shippedBy lines { quantity line { title } } } timeline { deed actorKind actorId status detail } availableActions { action enabled reason }';
const look = async (order: Told): Promise<Json> => (await subgraph.ask(`query($id: ID!) { order(id: $id) { ${FIELDS} } }`, { id: await idOf(order) })).data?.order;
const deed = async (name: string, order: Told, more: object = {}, viewer = staffOf(TEST_TENANT)): Promise<Json> =>
  (await subgraph.ask(`mutation($input: ${name === 'holdOrder' ? 'HoldOrderInput' : 'OrderDeedInput'}!) { ${name}(input: $input) { order { status onHold } userErrors { code field } } }`,
    { input: { orderId: await idOf(order), idempotencyKey: newId('req'), ...more } }, viewer)).data?.[name];
const events = async (order: Told, type: string): Promise<Json[]> => {
  const id = await idOf(order);
  return (await subgraph.recorded(type)).filter((event) => event.subject === id).map((event) => event.data);
};
const job = (name: string) => subgraph.jobs.definitions.find((definition) => definition.name === name)!;
/** Runs what the job finds due, as the queue would. */
const runDue = async (name: string): Promise<number> => {
  let count = 0;
  for await (const batch of job(name).due!()) for (const { payload } of batch) {
    await job(name).run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 });
    count += 1;
  }
  return count;
};

describe('an order that its channel ships', () => {
  it('is shipped with a parcel of its own, told once, and completed when the channel says so', async () => {
    const order = await toShip();
    const sent = later(order, 10, { rawStatus: 'wait_buyer_confirm_goods' });
    await receive(sent);
    await receive(sent);
    expect(await look(order)).toMatchObject({ status: 'SHIPPED', lines: [{ quantity: 2, shippedQuantity: 2 }], parcels: [{ shippedBy: 'CHANNEL', trackingNumber: null, lines: [{ quantity: 2, line: { title: 'Mug' } }] }] });
    expect(await events(order, 'orders.order-shipped.v1')).toMatchObject([{ by: 'CHANNEL', complete: true, lines: [{ skuId: MUG, quantity: 2 }] }]);
    await receive(later(order, 20, { rawStatus: 'trade_finished' }));
    expect(await look(order)).toMatchObject({ status: 'COMPLETED' });
    // An older picture takes nothing back.
    await receive(later(order, 5, { rawStatus: 'wait_seller_send_goods' }));
    expect(await look(order)).toMatchObject({ status: 'COMPLETED', rawStatus: 'trade_finished' });
  });

  it('stays to ship with a flag while only a part has gone', async () => {
    const order = await toShip();
    await receive(later(order, 1, { rawStatus: 'seller_consigned_part' }));
    expect(await look(order)).toMatchObject({ status: 'TO_SHIP', partiallyShipped: true });
  });

  it('waits for a person when it went out though we hold nothing for it, and goes on when that is held', async () => {
    const order = told({ rawStatus: 'wait_buyer_confirm_goods' });
    await receive(order);
    await subgraph.deliver(stockShort({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: await idOf(order), lines: [{ skuId: MUG, asked: 2, available: 0 }] } }));
    const waiting = await look(order);
    expect(waiting).toMatchObject({ status: 'RESERVING' });
    expect(waiting.exceptions.map((exception: Json) => exception.code).sort()).toEqual(['SHIPPED_EARLY', 'STOCK_SHORT']);
    await held(order);
    const after = await look(order);
    expect(after).toMatchObject({ status: 'SHIPPED' });
    expect(after.exceptions.map((exception: Json) => exception.state)).toEqual(['RESOLVED', 'RESOLVED']);
    expect(after.timeline.map((entry: Json) => entry.deed)).toContain('CONFIRMED');
  });

  it('keeps its status beside an after-sale of the channel, which may be withdrawn', async () => {
    const order = await toShip({ platform: 'XIAOHONGSHU', rawStatus: '4' });
    await receive(later(order, 1, { rawStatus: '4/2' }));
    expect(await look(order)).toMatchObject({ status: 'TO_SHIP', afterSale: 'AFTER_SALE' });
    await receive(later(order, 2, { rawStatus: '4' }));
    expect(await look(order)).toMatchObject({ status: 'TO_SHIP', afterSale: 'NONE' });
  });

  it('is not cancelled by a refund that comes after the goods went out', async () => {
    const order = await toShip({ platform: 'SHOPIFY', rawStatus: 'paid/unfulfilled' });
    await receive(later(order, 1, { rawStatus: 'refunded/fulfilled', paymentState: 'REFUNDED' }));
    expect(await look(order)).toMatchObject({ status: 'SHIPPED', refunded: true, afterSale: 'NONE' });
    // Points and postings follow it, once.
    await receive(later(order, 2, { rawStatus: 'refunded/fulfilled', paymentState: 'REFUNDED' }));
    expect(await events(order, 'orders.refund-paid.v1')).toMatchObject([{ amountMinor: 5900, refundedBeforeMinor: 0, totalMinor: 5900, afterSaleId: expect.stringMatching(/^afs_/) }]);
    expect(await events(order, 'orders.order-cancelled.v1')).toEqual([]);
  });
});

describe('an order that we ship', () => {
  const ship = async (order: Told, input: object): Promise<Json> => (await subgraph.ask(
    'mutation($input: ShipOrderInput!) { shipOrder(input: $input) { order { status partiallyShipped parcels { trackingNumber } } userErrors { code field } } }', { input: { orderId: await idOf(order), carrier: 'SF', trackingNumber: 'SF0001', idempotencyKey: newId('req'), ...input } })).data?.shipOrder;
  const lineOf = async (order: Told): Promise<string> => (await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from order_line where order_id = ?', [await idOf(order)]))[0]!.id;

  it('goes in parts, each parcel told once with its number for the channel, and is shipped with the last', async () => {
    const order = await toShip();
    const lineId = await lineOf(order);
    expect((await ship(order, { lines: [{ lineId, quantity: 1 }] })).order).toEqual({ status: 'TO_SHIP', partiallyShipped: true, parcels: [{ trackingNumber: 'SF0001' }] });
    // Scanned twice: the same parcel.
    expect((await ship(order, { lines: [{ lineId, quantity: 1 }] })).order.parcels).toHaveLength(1);
    expect((await ship(order, { trackingNumber: 'SF0002', lines: [{ lineId, quantity: 2 }] })).userErrors).toEqual([{ code: 'MORE_THAN_BOUGHT', field: ['lines', '0', 'quantity'] }]);
    expect((await ship(order, { trackingNumber: 'SF0002' })).order).toMatchObject({ status: 'SHIPPED', partiallyShipped: false });
    expect((await ship(order, { trackingNumber: 'SF0003' })).userErrors).toMatchObject([{ code: 'ALREADY_SO' }]);
    expect(await events(order, 'orders.order-shipped.v1')).toMatchObject([
      { by: 'US', carrier: 'SF', trackingNumber: 'SF0001', externalOrderId: order.externalOrderId, complete: false, lines: [{ lineId, quantity: 1 }] },
      { by: 'US', trackingNumber: 'SF0002', complete: true, lines: [{ lineId, quantity: 1 }] },
    ]);
    // The channel's own word of it comes back as an echo.
    await receive(later(order, 3, { rawStatus: 'wait_buyer_confirm_goods' }));
    expect((await look(order)).parcels).toHaveLength(2);
  });

  it('is sent once by many at once', async () => {
    const order = await toShip();
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => ship(order, { trackingNumber: `ZTO-${n}` })));
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
    expect(await events(order, 'orders.order-shipped.v1')).toHaveLength(1);
  });

  it('is not sent on hold, unpaid, or under a number that is none', async () => {
    const order = await toShip();
    expect((await ship(order, { service: 'a b' })).userErrors).toEqual([{ code: 'TRACKING_INVALID', field: ['service'] }]);
    for (const trackingNumber of ['', 'a b', 'x'.repeat(41), '<script>']) expect((await ship(order, { trackingNumber })).userErrors).toMatchObject([{ code: 'TRACKING_INVALID' }]);
    await deed('holdOrder', order, { reason: 'x' });
    expect((await ship(order, {})).userErrors).toMatchObject([{ code: 'ON_HOLD' }]);
    const unpaid = told({ paymentState: 'PENDING', rawStatus: 'wait_buyer_pay' });
    await receive(unpaid);
    await held(unpaid);
    expect((await ship(unpaid, {})).userErrors).toMatchObject([{ code: 'NOT_PAID' }]);
  });
});

describe('a shipped order', () => {
  it('is completed by itself after 15 days, or after those of its channel, and not while an after-sale is open', async () => {
    const order = await toShip();
    await receive(later(order, 1, { rawStatus: 'wait_buyer_confirm_goods' }));
    const [{ days }] = await subgraph.rows<{ days: number }>(TEST_TENANT, 'select extract(day from complete_at - shipped_at)::int as days from sales_order where id = ?', [await idOf(order)]) as [{ days: number }];
    expect(days).toBe(15);
    const rule = async (channelId: string, completeDays: number): Promise<Json> => (await subgraph.ask('mutation($id: ID!, $days: Int!) { setChannelRule(channelId: $id, completeDays: $days) { done userErrors { code } } }', { id: channelId, days: completeDays })).data?.setChannelRule;
    expect([await rule(CONNECTION, 0), await rule(CONNECTION, 7)]).toEqual([{ done: false, userErrors: [{ code: 'RULE_INVALID' }] }, { done: true, userErrors: [] }]);
    const soon = await toShip();
    await receive(later(soon, 1, { rawStatus: 'wait_buyer_confirm_goods' }));
    expect(await subgraph.rows(TEST_TENANT, 'select extract(day from complete_at - shipped_at)::int as days from sales_order where id = ?', [await idOf(soon)])).toEqual([{ days: 7 }]);
    const due = (text: string) => subgraph.writer(async (client) => { await client.query(`select set_config('app.tenant_id', $1, false)`, [TEST_TENANT]); await client.query(text, [await idOf(order)]); });
    expect(await runDue('orders.complete-order')).toBe(0);
    await due("update sales_order set complete_at = now() - interval '1 second', channel_after_sale = 'AFTER_SALE' where id = $1");
    expect(await runDue('orders.complete-order')).toBe(0);
    await due("update sales_order set channel_after_sale = 'NONE' where id = $1");
    expect(await runDue('orders.complete-order')).toBe(1);
    expect(await runDue('orders.complete-order')).toBe(0);
    expect((await look(order)).timeline.at(-1)).toMatchObject({ deed: 'COMPLETED', actorKind: 'SYSTEM', actorId: 'orders.complete-order', status: 'COMPLETED' });
  });

  it('is completed by a person, once, and by nobody before it is shipped', async () => {
    const order = await toShip();
    expect(await deed('completeOrder', order)).toEqual({ order: null, userErrors: [{ code: 'NOT_SHIPPED', field: ['orderId'] }] });
    await receive(later(order, 1, { rawStatus: 'wait_buyer_confirm_goods' }));
    expect(await deed('completeOrder', order)).toEqual({ order: { status: 'COMPLETED', onHold: false }, userErrors: [] });
    expect((await deed('completeOrder', order)).userErrors).toEqual([{ code: 'ALREADY_SO', field: ['orderId'] }]);
  });
});

describe('an order on hold', () => {
  it('says so with its reason, and goes on when it is released', async () => {
    const order = await toShip();
    expect((await deed('holdOrder', order, { reason: '' })).userErrors).toMatchObject([{ code: 'REASON_INVALID' }]);
    expect((await deed('holdOrder', order, { reason: 'address is being checked' })).order).toEqual({ status: 'TO_SHIP', onHold: true });
    expect((await deed('holdOrder', order, { reason: 'again' })).userErrors).toMatchObject([{ code: 'ON_HOLD' }]);
    const seen = await look(order);
    expect(seen.holdReason).toBe('address is being checked');
    expect(seen.availableActions.find(({ action }: Json) => action === 'SHIP')).toEqual({ action: 'SHIP', enabled: false, reason: 'ON_HOLD' });
    expect((await deed('releaseOrder', order)).order).toEqual({ status: 'TO_SHIP', onHold: false });
    expect((await deed('releaseOrder', order)).userErrors).toMatchObject([{ code: 'NOT_ON_HOLD' }]);
    const stranger = staffOf(TEST_TENANT, { channels: [] });
    expect((await deed('holdOrder', order, { reason: 'x' }, stranger)).userErrors).toMatchObject([{ code: 'ORDER_NOT_FOUND' }]);
  });
});

describe('the timeline', () => {
  it('tells who did what, in order, and cannot be rewritten', async () => {
    const order = await toShip();
    await deed('holdOrder', order, { reason: 'x' });
    const { timeline } = await look(order);
    expect(timeline.map(({ deed: done, actorKind, status }: Json) => [done, actorKind, status])).toEqual([
      ['PLACED', 'CHANNEL', 'RESERVING'], ['CONFIRMED', 'SYSTEM', 'TO_SHIP'], ['HELD', 'STAFF', 'TO_SHIP'],
    ]);
    await expect(subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('delete from timeline_entry'))).rejects.toThrow(/permission denied/);
  });
});

describe('what cannot be sold', () => {
  const lines = (quantity: number): Told['lines'] => [{ externalLineId: '1', externalSku: 'MUG', title: 'x', quantity, unitPriceMinor: 1, discountMinor: 0 }];

  it.each([0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER])('is kept, flagged and repairable: a quantity of %d', async (quantity) => {
    const order = told({ lines: lines(quantity) });
    await receive(order);
    expect(await look(order)).toMatchObject({ status: 'RESERVING', exceptions: [{ code: 'BAD_QUANTITY', state: 'OPEN', subjects: [`MUG x ${quantity}`] }] });
    // The same again raises nothing new; the channel's correction sets it right.
    await receive(later(order, 1, {}));
    await receive(later(order, 2, { lines: lines(2) }));
    expect((await look(order)).exceptions).toMatchObject([{ state: 'RESOLVED' }]);
    await held(order);
    expect(await look(order)).toMatchObject({ status: 'TO_SHIP' });
  });

  it('is kept, flagged and repairable: an order without lines', async () => {
    const order = told({ lines: [] });
    await receive(order);
    expect(await look(order)).toMatchObject({ status: 'RESERVING', exceptions: [{ code: 'NO_LINES', state: 'OPEN' }] });
    await receive(later(order, 1, { lines: lines(1) }));
    await held(order);
    expect(await look(order)).toMatchObject({ status: 'TO_SHIP', exceptions: [{ state: 'RESOLVED' }] });
  });

  it('takes 500 lines, in whatever script and currency', async () => {
    const titles = ['مرحبا', '日本語', 'Ελληνικά', '👩‍👩‍👧', 'ไทย'];
    for (const [currency, totalMinor, shown] of [['JPY', 1999, '1999'], ['KWD', 1234, '1.234'], ['CNY', 1999, '19.99']] as const) {
      const many = Array.from({ length: 500 }, (_, n) => ({ externalLineId: `${n}`, externalSku: 'MUG', title: titles[n % titles.length]!, quantity: 1, unitPriceMinor: 1, discountMinor: 0 }));
      const order = told({ lines: many, amounts: { ...told().amounts, currency, itemsMinor: totalMinor, totalMinor } });
      await receive(order);
      const { data } = await subgraph.ask('query($id: ID!) { order(id: $id) { amounts { total { amount currency } } lines { title } } }', { id: await idOf(order) });
      expect(data?.order.amounts.total).toEqual({ amount: shown, currency });
      expect(new Set(data?.order.lines.map((line: Json) => line.title))).toEqual(new Set(titles));
      expect(data?.order.lines).toHaveLength(500);
    }
  });
});
