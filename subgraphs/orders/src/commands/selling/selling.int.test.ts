import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, offerSkus, reserveStock, settleReservation } from '@quanyu/calls';
import { latePaymentRefused, paymentNotified, stockReserved } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, SandboxPayments, SandboxStepUps, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { orders } from '../../subgraph.js';

// The neighbours answer by their contracts; the whole house does it for real in tests/journeys/own-order.test.ts.
const MUG = newId('sku');
const TEA = newId('sku');
const PRICES = new Map<string, number | null>([[MUG, 5900], [TEA, 8800]]);
const stock = new Map<string, number>();
const holds = new Map<string, { lines: readonly { skuId: string; quantity: number }[]; state: 'HELD' | 'CONFIRMED' | 'RELEASED' }>();
let busy = 0;
let extensions = 0;
const take = (lines: readonly { skuId: string; quantity: number }[], sign: 1 | -1): void => { for (const { skuId, quantity } of lines) stock.set(skuId, (stock.get(skuId) ?? 0) - sign * quantity); };
const payments = new SandboxPayments();
const stepUps = new SandboxStepUps();
const calls = new InProcessCalls();
calls.add([
  ...payments.handlers, ...stepUps.handlers,
  answer(offerSkus, ({ skuIds }) => Promise.resolve({ skus: skuIds.filter((id) => PRICES.has(id)).map((skuId) => ({ skuId, code: skuId, title: `Goods ${skuId.slice(-3)}`, weightGrams: 300, unitPriceMinor: PRICES.get(skuId)! })) })),
  answer(reserveStock, ({ key, lines, holdMinutes }) => {
    if (busy > 0) { busy -= 1; return Promise.resolve({ kind: 'refused' as const, code: 'STOCK_BUSY' as const, retryable: true }); }
    const known = holds.get(key);
    const shortages = lines.filter(({ skuId, quantity }) => (stock.get(skuId) ?? 0) < quantity).map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: stock.get(skuId) ?? 0 }));
    if (known === undefined && shortages.length > 0) return Promise.resolve({ kind: 'short' as const, shortages });
    if (known === undefined) { take(lines, 1); holds.set(key, { lines, state: 'HELD' }); }
    return Promise.resolve({ kind: 'held' as const, reservationId: `rsv-${key}`, state: 'HELD' as const, expiresAt: new Date(Date.now() + holdMinutes * 60_000).toISOString(), replay: known !== undefined, shortages: [] });
  }),
  answer(settleReservation, ({ key, deed }) => {
    const hold = holds.get(key)!;
    if (deed === 'EXTEND') { extensions += 1; return Promise.resolve({ kind: 'done' as const, reservationId: null, state: 'HELD' as const, expiresAt: new Date(Date.now() + 300_000).toISOString(), replay: false }); }
    if (deed === 'CONFIRM' && hold.state === 'RELEASED') {
      if (hold.lines.some(({ skuId, quantity }) => (stock.get(skuId) ?? 0) < quantity)) return Promise.resolve({ kind: 'refund' as const, reason: 'SOLD_OUT' });
      take(hold.lines, 1);
    }
    hold.state = 'CONFIRMED';
    return Promise.resolve({ kind: 'done' as const, reservationId: null, state: 'CONFIRMED' as const, expiresAt: null, replay: false });
  }),
]);

const ANNA = newId('mem');
const anna = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: ANNA, scopes: ['orders:buy'], channels: [] });
let subgraph: TestSubgraph;
let channelId: string;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  const opened = await subgraph.ask('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id kind shipping { amount } } userErrors { code } } }',
    { input: { kind: 'H5', name: 'H5 shop', currency: 'CNY', shipping: { amount: '10', currency: 'CNY' }, freeShippingFrom: { amount: '99', currency: 'CNY' }, idempotencyKey: 'h5' } });
  expect(opened.errors).toEqual([]);
  channelId = opened.data!.openOwnChannel.channel.id;
});
beforeEach(() => { stock.set(MUG, 1000).set(TEA, 1000); payments.refusals.length = 0; payments.slowRefunds = false; });
afterAll(() => subgraph.close());

const ORDER = 'id status orderNumber source platform payBy refunded cancelReason amounts { total { amount } shipping { amount } } refundedAmount { amount } payments { id state provider paid { amount } client } refunds { id state reason amount { amount } } exceptions { code state } timeline { deed } shipTo { name phone } channel { id } ownChannel { kind }';
const shipTo = { name: '李四', phone: '13900000002', address1: 'حي الزهور 5', city: '上海', countryCode: 'CN' };
const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { ${ORDER} } shortages { sku { id } asked available } userErrors { code field retryable } } }`;
let keys = 0;
const place = async (over: object = {}, viewer = anna): Promise<Json> => {
  keys += 1;
  const { data, errors } = await subgraph.ask(PLACE, { input: { channelId, lines: [{ skuId: MUG, quantity: 1 }], shipTo, idempotencyKey: `key-${keys}`, ...over } }, viewer);
  return data?.placeOrder ?? { errors };
};
const start = async (orderId: string, provider = 'WECHAT_PAY', viewer = anna): Promise<Json> =>
  (await subgraph.ask('mutation($input: StartPaymentInput!) { startPayment(input: $input) { payment { id state client } userErrors { code } } }', { input: { orderId, provider, payerId: 'openid-1' } }, viewer)).data?.startPayment;
const notify = (news: ReturnType<SandboxPayments['pay']>) => subgraph.deliver(paymentNotified({ tenantId: TEST_TENANT, sequence: 1, data: news }));
const look = async (id: string): Promise<Json> => (await subgraph.ask(`query($id: ID!) { order(id: $id) { ${ORDER} } }`, { id })).data?.order;
const cancel = async (orderId: string, viewer = anna, stepUpToken: string | null = null): Promise<Json> => {
  keys += 1;
  return (await subgraph.ask('mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }', { input: { orderId, stepUpToken, idempotencyKey: `key-${keys}` } }, viewer)).data?.cancelOrder;
};
const told = async (orderId: string): Promise<string[]> => (await subgraph.recorded()).filter(({ subject, type }) => subject === orderId && type !== 'orders.order-changed.v1').map(({ type }) => type.split('.')[1]!);
const sql = (text: string, params: unknown[]) => subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute(text, params));
const over = (orderId: string) => sql("update sales_order set pay_by = app_now() - interval '1 second' where id = ?", [orderId]);
const runDue = async (name: string): Promise<number> => {
  const job = subgraph.jobs.definitions.find((definition) => definition.name === name)!;
  let count = 0;
  for await (const batch of job.due!()) for (const { payload } of batch) { await job.run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 }); count += 1; }
  return count;
};
const paid = async (over_: object = {}): Promise<{ id: string; paymentId: string }> => {
  const { order: { id } } = await place(over_);
  const { payment } = await start(id);
  await notify(payments.pay(payment.id));
  return { id, paymentId: payment.id };
};

describe('a parcel of an order that was paid with WeChat', () => {
  it('tells by which payment, and whom the carrier can call, masked and sealed; one paid elsewhere does not', async () => {
    const ship = async (orderId: string): Promise<Json> => {
      keys += 1;
      await subgraph.ask('mutation($input: ShipOrderInput!) { shipOrder(input: $input) { userErrors { code } } }', { input: { orderId, carrier: 'SF', trackingNumber: `SF55${keys}`, idempotencyKey: `key-${keys}` } });
      return (await subgraph.recorded('orders.order-shipped.v1')).find(({ subject }) => subject === orderId)!.data;
    };
    const { id, paymentId } = await paid();
    const { payments: told, sealedContact, parcelId } = await ship(id);
    expect(told).toEqual([{ paymentId, provider: 'WECHAT_PAY' }]);
    expect(subgraph.deps.vault.open(sealedContact, { tenantId: TEST_TENANT, row: parcelId, field: 'contact' })).toBe('+86-139****0002');
    const { order: other } = await place();
    const { payment } = await start(other.id, 'ALIPAY');
    await notify(payments.pay(payment.id));
    expect(await ship(other.id)).not.toHaveProperty('payments');
  });
});

describe('an order of a mini-program of ours', () => {
  it.each([['WECHAT_MINI_PROGRAM', 'WECHAT_PAY'], ['ALIPAY_MINI_PROGRAM', 'ALIPAY']] as const)('of kind %s is on the desk with its answer, and is paid with %s', async (kind, provider) => {
    const opened = await subgraph.ask('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind, name: kind, currency: 'CNY', idempotencyKey: kind } });
    const { id: ownId } = opened.data!.openOwnChannel.channel;
    const { order, userErrors } = await place({ channelId: ownId });
    expect(userErrors).toEqual([]);
    // Nobody has to read it from anywhere: it is there.
    const desk = async (): Promise<Json[]> => (await subgraph.ask('query($ids: [ID!]) { orders(filter: { channelIds: $ids }) { nodes { id platform status ownChannel { kind } } } }', { ids: [ownId] })).data?.orders.nodes;
    expect(await desk()).toEqual([{ id: order.id, platform: kind, status: 'PENDING_PAYMENT', ownChannel: { kind } }]);
    const { payment } = await start(order.id, provider);
    await notify(payments.pay(payment.id));
    expect(await desk()).toMatchObject([{ id: order.id, status: 'TO_SHIP' }]);
  });
});

describe('a quote', () => {
  it('has prices as they stand, shipping by the rule, and room for what is taken off', async () => {
    const ask = async (lines: object[]) => (await subgraph.ask('query($input: QuoteOrderInput!) { quoteOrder(input: $input) { quote { lines { quantity unitPrice { amount } total { amount } } discounts { kind } items { amount } shipping { amount } total { amount } } userErrors { code field } } }', { input: { channelId, lines } }, anna)).data?.quoteOrder;
    expect(await ask([{ skuId: MUG, quantity: 1 }])).toEqual({ quote: { lines: [{ quantity: 1, unitPrice: { amount: '59.00' }, total: { amount: '59.00' } }], discounts: [], items: { amount: '59.00' }, shipping: { amount: '10.00' }, total: { amount: '69.00' } }, userErrors: [] });
    expect((await ask([{ skuId: MUG, quantity: 2 }])).quote).toMatchObject({ shipping: { amount: '0.00' }, total: { amount: '118.00' } });
    expect((await ask([{ skuId: MUG, quantity: 0 }])).userErrors).toEqual([{ code: 'QUANTITY_INVALID', field: ['lines', '0', 'quantity'] }]);
  });
});

describe('placing an order', () => {
  it('holds all of it, opens it for payment, and is confirmed once when it is paid, in few statements', async () => {
    let placed: Json;
    let payment: Json;
    const statements = await subgraph.sql.during(async () => {
      placed = await place({ expectedTotal: { amount: '69.00', currency: 'CNY' } });
      ({ payment } = await start(placed.order.id));
      const event = await notify(payments.pay(payment.id));
      await subgraph.redeliver(event);
    });
    expect(placed).toMatchObject({ userErrors: [], order: { status: 'PENDING_PAYMENT', source: 'OWN', platform: 'H5', channel: null, ownChannel: { kind: 'H5' }, amounts: { total: { amount: '69.00' } }, shipTo: { name: '李**', phone: '139****0002' } } });
    expect(await look(placed.order.id)).toMatchObject({ status: 'TO_SHIP', payments: [{ state: 'PAID', paid: { amount: '69.00' } }], refunds: [] });
    expect(JSON.parse(payment.client)).toEqual({ prepayId: `sandbox-${payment.id}` });
    expect(await told(placed.order.id)).toEqual(['order-confirmed']);
    const [confirmed] = (await subgraph.recorded('orders.order-confirmed.v1')).slice(-1);
    expect(confirmed?.data).toMatchObject({ connectionId: channelId, customer: { externalId: ANNA }, amounts: { totalMinor: 6900, shippingMinor: 1000 } });
    expect(JSON.stringify(await subgraph.recorded())).not.toContain('13900000002');
    // What the answers show of the order is read in some of these; placing, paying and confirming are the rest.
    expect(statements.length).toBeLessThanOrEqual(40);
  });

  it('costs at most 25 statements from placing to paid, those of its neighbours included', async () => {
    const statements = await subgraph.sql.during(async () => {
      const input = { channelId, lines: [{ skuId: MUG, quantity: 1 }], shipTo, idempotencyKey: 'counted' };
      const { data } = await subgraph.ask('mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }', { input }, staffOf(TEST_TENANT));
      await subgraph.ask('mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { order { status } } }', { input: { orderId: data!.placeOrder.order.id, amount: { amount: '69.00', currency: 'CNY' }, reference: 'r', idempotencyKey: 'counted' } });
    });
    // Catalog answers the prices with one, inventory the hold with one.
    expect(statements.length + 2).toBeLessThanOrEqual(17);
  });

  it('answers the same order for the same key, at once and later, and refuses the key for another request', async () => {
    const before = stock.get(MUG)!;
    const answers = await Promise.all(Array.from({ length: 8 }, () => place({ idempotencyKey: 'same' })));
    expect(new Set(answers.map((answer) => answer.order?.id)).size).toBe(1);
    expect(before - stock.get(MUG)!).toBe(1);
    expect((await place({ idempotencyKey: 'same', lines: [{ skuId: MUG, quantity: 2 }] })).errors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    // Another buyer's key is another key.
    const bert = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: newId('mem'), scopes: ['orders:buy'], channels: [] });
    expect((await place({ idempotencyKey: 'same' }, bert)).order.id).not.toBe(answers[0].order.id);
  });

  it('of many at once sells what there is and no more, and what one of them asks wrong is that one\'s alone', async () => {
    stock.set(TEA, 15);
    const lines = [{ skuId: TEA, quantity: 1 }];
    const used = await place({ idempotencyKey: 'used' });
    const wrong = [{ lines, idempotencyKey: 'used' }, { lines: [{ skuId: newId('sku'), quantity: 1 }] }, { lines, shipTo: { ...shipTo, phone: '12' } }, { lines, channelId: newId('con') }];
    const answers = await Promise.all([...wrong.map((input) => place(input)), ...Array.from({ length: 40 }, () => place({ lines }))]);
    expect(used.order).toMatchObject({ status: 'PENDING_PAYMENT' });
    expect(answers.slice(0, 4).map(({ errors, userErrors }) => (errors ?? userErrors)[0].code)).toEqual(['IDEMPOTENCY_KEY_REUSED', 'SKU_UNKNOWN', 'ADDRESS_INVALID', 'CHANNEL_NOT_FOUND']);
    const others = answers.slice(4);
    expect(others.filter(({ order }) => order?.status === 'PENDING_PAYMENT')).toHaveLength(15);
    expect(others.filter(({ order }) => order === null).map(({ userErrors }) => userErrors[0].code)).toEqual(Array(25).fill('STOCK_SHORT'));
    expect(stock.get(TEA)).toBe(0);
  });

  it.each([
    ['LINES_INVALID', { lines: [] }], ['LINES_INVALID', { lines: Array.from({ length: 501 }, () => ({ skuId: newId('sku'), quantity: 1 })) }],
    ['LINES_INVALID', { lines: [{ skuId: MUG, quantity: 1 }, { skuId: MUG, quantity: 1 }] }],
    ['QUANTITY_INVALID', { lines: [{ skuId: MUG, quantity: -1 }] }], ['QUANTITY_INVALID', { lines: [{ skuId: MUG, quantity: 2_147_483_647 }] }],
    ['SKU_UNKNOWN', { lines: [{ skuId: newId('sku'), quantity: 1 }] }],
    ['CHANNEL_NOT_FOUND', { channelId: newId('con') }],
    ['PRICE_CHANGED', { expectedTotal: { amount: '59.00', currency: 'CNY' } }],
    ['ADDRESS_INVALID', { shipTo: { ...shipTo, phone: '12' } }], ['ADDRESS_INVALID', { shipTo: { ...shipTo, name: ' ' } }], ['ADDRESS_INVALID', { shipTo: { ...shipTo, address1: 'x'.repeat(201) } }],
    ['ADDRESS_INVALID', { shipTo: { ...shipTo, countryCode: 'China' } }],
  ])('is refused with %s and holds nothing', async (code, input) => {
    const before = stock.get(MUG);
    const { order, userErrors } = await place(input);
    expect([order, userErrors[0].code, stock.get(MUG)]).toEqual([null, code, before]);
  });

  it.each([
    ['Cyrillic', 'Łukasz Ковальчук', 'ул. Ленина, д. 5, кв. 12', 'Москва', 'RU', '+79161234567'],
    ['Arabic', 'محمد عبد الله', 'شارع الزهور ٥\u200f، شقة ٣', 'دبي', 'AE', '+971501234567'],
    ['Thai', 'สมชาย ใจดี', '99/1 ถนนสุขุมวิท', 'กรุงเทพมหานคร', 'TH', '+66812345678'],
    ['Devanagari', 'रवि कुमार', 'मकान नं. ५, गांधी मार्ग', 'दिल्ली', 'IN', '+919812345678'],
    ['rare signs beyond the first plane', '𠮷野 家', '𡈽町 5-1 👩‍👧', '東京都', 'JP', '+819012345678'],
  ])('keeps an address in %s as it was written', async (_script, name, address1, city, countryCode, phone) => {
    const { order, userErrors } = await place({ shipTo: { name, phone, address1, city, countryCode } });
    expect(userErrors).toEqual([]);
    const [row] = await subgraph.rows<Json>(TEST_TENANT, 'select sealed_ship_to as sealed from sales_order where id = ?', [order.id]);
    expect(JSON.parse(subgraph.deps.vault.open(row!.sealed, { tenantId: TEST_TENANT, row: order.id, field: 'shipTo' }))).toMatchObject({ name, phone, address1, city, countryCode });
    expect((await look(order.id)).shipTo.name).not.toContain(name);
  });

  it('takes 500 lines', async () => {
    const many = Array.from({ length: 500 }, () => newId('sku'));
    for (const sku of many) { PRICES.set(sku, 100); stock.set(sku, 1); }
    const { order } = await place({ lines: many.map((skuId) => ({ skuId, quantity: 1 })) });
    expect(order).toMatchObject({ status: 'PENDING_PAYMENT', amounts: { total: { amount: '500.00' } } });
  });

  it('says which line is short, tells nobody, and keeps saying so for its key', async () => {
    stock.set(TEA, 1);
    const input = { idempotencyKey: 'short', lines: [{ skuId: MUG, quantity: 1 }, { skuId: TEA, quantity: 2 }] };
    const events = (await subgraph.recorded()).length;
    expect(await place(input)).toEqual({ order: null, shortages: [{ sku: { id: TEA }, asked: 2, available: 1 }], userErrors: [{ code: 'STOCK_SHORT', field: ['lines'], retryable: true }] });
    expect((await place(input)).userErrors).toMatchObject([{ code: 'STOCK_SHORT' }]);
    expect((await subgraph.recorded()).length).toBe(events);
  });

  it('goes on where it was cut off: a busy stock room, a crash before the answer', async () => {
    busy = 1;
    const first = await place({ idempotencyKey: 'busy' });
    expect(first.userErrors).toMatchObject([{ code: 'STOCK_BUSY', retryable: true }]);
    expect((await place({ idempotencyKey: 'busy' })).order).toMatchObject({ status: 'PENDING_PAYMENT' });
    busy = 1;
    await place({ idempotencyKey: 'crash' });
    expect(await runDue('orders.finish-placing')).toBe(0);
    await sql("update sales_order set placed_at = app_now() - interval '1 minute' where status = 'RESERVING'", []);
    expect(await runDue('orders.finish-placing')).toBe(1);
    expect((await place({ idempotencyKey: 'crash' })).order).toMatchObject({ status: 'PENDING_PAYMENT' });
  });

  it('asks a member for nobody else, and shows no member the orders of another', async () => {
    const { order } = await place();
    const bert = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: newId('mem'), scopes: ['orders:buy', 'orders:read'], channels: 'all' });
    expect((await start(order.id, 'ALIPAY', bert)).userErrors).toEqual([{ code: 'ORDER_NOT_FOUND' }]);
    expect((await cancel(order.id, bert)).userErrors).toEqual([{ code: 'ORDER_NOT_FOUND' }]);
    expect((await subgraph.ask('query($id: ID!) { order(id: $id) { id } }', { id: order.id }, bert)).data?.order).toBeNull();
  });
});

describe('paying', () => {
  it('is one payment a platform however often it is started, and gives back what comes a second time', async () => {
    const { order: { id } } = await place();
    const [one, again] = await Promise.all([start(id), start(id)]);
    const other = await start(id, 'ALIPAY');
    expect([one.payment.id === again.payment.id, one.payment.id === other.payment.id]).toEqual([true, false]);
    const first = payments.pay(one.payment.id);
    const second = payments.pay(other.payment.id);
    await Promise.all([notify(first), notify(second), notify(first), notify(second)]);
    expect(await look(id)).toMatchObject({ status: 'TO_SHIP', refunds: [{ reason: 'PAID_TWICE', state: 'DUE', amount: { amount: '69.00' } }], refundedAmount: { amount: '0.00' } });
    expect(await runDue('orders.send-refund')).toBe(1);
    expect(await look(id)).toMatchObject({ status: 'TO_SHIP', refunded: false, refunds: [{ state: 'DONE' }] });
    expect(payments.refundedOf(one.payment.id) + payments.refundedOf(other.payment.id)).toBe(6900);
    expect((await told(id)).filter((type) => type === 'order-confirmed')).toHaveLength(1);
  });

  it('waits for a person where another sum came', async () => {
    const { order: { id } } = await place();
    const { payment } = await start(id);
    await notify(payments.pay(payment.id, 1));
    expect(await look(id)).toMatchObject({ status: 'PENDING_PAYMENT', exceptions: [{ code: 'PAYMENT_DIFFERS', state: 'OPEN' }] });
  });

  it('says what the platform says, and starts again after that', async () => {
    const { order: { id } } = await place();
    payments.refusals.push({ code: 'BUSY', retryable: true }, { code: 'CLOSED_ACCOUNT', retryable: false });
    expect((await start(id)).userErrors).toEqual([{ code: 'PROVIDER_UNAVAILABLE' }]);
    expect((await start(id)).userErrors).toEqual([{ code: 'PROVIDER_REFUSED' }]);
    // What was refused for good is not asked for again under its number: the next try is another payment.
    const { payment, userErrors } = await start(id);
    expect(userErrors).toEqual([]);
    expect((await look(id)).payments).toMatchObject([{ state: 'CLOSING' }, { id: payment.id, state: 'STARTED' }]);
  });

  it('is asked to be closed by the time that it was started with, until its platform says that it is over', async () => {
    const { order: { id } } = await place();
    const { payment } = await start(id);
    await runDue('orders.close-payment');
    await cancel(id);
    // It cannot be ended before its time, as UnionPay's cannot.
    payments.refusals.push({ code: 'STILL_OPEN', retryable: true });
    await runDue('orders.close-payment');
    expect((await look(id)).payments).toMatchObject([{ state: 'CLOSING' }]);
    await sql('update payment set next_try_at = app_now() where order_id = ?', [id]);
    await runDue('orders.close-payment');
    expect((await look(id)).payments).toMatchObject([{ state: 'CLOSED' }]);
    const [begun, ...closed] = payments.times.get(payment.id)!;
    expect(closed).toEqual([begun, begun]);
    expect(new Date(begun!).getTime()).toBeGreaterThan(Date.now());
  });

  it('is recorded by hand, for exactly what it costs, once', async () => {
    const { order: { id } } = await place({}, staffOf(TEST_TENANT));
    const record = async (amount: string, idempotencyKey: string): Promise<Json> => (await subgraph.ask('mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { order { status } userErrors { code } } }',
      { input: { orderId: id, amount: { amount, currency: 'CNY' }, reference: 'till 3', idempotencyKey } })).data?.recordPayment;
    expect((await record('1.00', 'a')).userErrors).toEqual([{ code: 'AMOUNT_DIFFERS' }]);
    expect((await record('69.00', 'b')).order).toEqual({ status: 'TO_SHIP' });
    expect((await record('69.00', 'b')).order).toEqual({ status: 'TO_SHIP' });
    expect((await record('69.00', 'c')).userErrors).toEqual([{ code: 'ALREADY_PAID' }]);
  });

  it('of many at once costs few statements, and what one of them says wrong is that one\'s alone', async () => {
    const CROWD = 24;
    let placed: Json[] = [];
    const placing = await subgraph.sql.during(async () => {
      placed = await Promise.all(Array.from({ length: CROWD }, async (_none, n) => (await subgraph.ask(
        'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id amounts { total { amount } } } } }',
        { input: { channelId, lines: [{ skuId: TEA, quantity: 1 }], shipTo, idempotencyKey: `crowd-${n}` } }, staffOf(TEST_TENANT))).data!.placeOrder));
    });
    expect(new Set(placed.map(({ order }) => order.id)).size).toBe(CROWD);
    expect(placing.length).toBeLessThan(CROWD);
    const record = (n: number, over: object = {}) => subgraph.ask('mutation($input: RecordPaymentInput!) { recordPayment(input: $input) { order { status } userErrors { code } } }',
      { input: { orderId: placed[n]!.order.id, amount: { amount: placed[n]!.order.amounts.total.amount, currency: 'CNY' }, reference: 'till', idempotencyKey: `crowd-${n}`, ...over } });
    let answers: Awaited<ReturnType<typeof record>>[] = [];
    const paying = await subgraph.sql.during(async () => {
      answers = await Promise.all([
        ...placed.slice(4).map((_order, n) => record(n + 4)),
        // The same request twice, another under its key, another sum, an order that nobody knows, no key.
        record(0), record(0), record(1, { idempotencyKey: 'crowd-0' }), record(2, { amount: { amount: '1.00', currency: 'CNY' } }), record(3, { orderId: newId('ord'), idempotencyKey: 'crowd-x' }), record(3, { idempotencyKey: '' }),
      ]);
    });
    const outcomes = answers.map(({ data, errors }) => data?.recordPayment?.userErrors[0]?.code ?? data?.recordPayment?.order?.status ?? errors[0]?.code);
    expect(outcomes).toEqual([...Array.from({ length: CROWD - 4 }, () => 'TO_SHIP'), 'TO_SHIP', 'TO_SHIP', 'IDEMPOTENCY_KEY_REUSED', 'AMOUNT_DIFFERS', 'ORDER_NOT_FOUND', 'INPUT_INVALID']);
    expect(paying.length).toBeLessThan(CROWD);
    for (const { order } of placed.slice(4)) expect(await told(order.id)).toEqual(['order-confirmed']);
    expect(await told(placed[0]!.order.id)).toEqual(['order-confirmed']);
    // A value that no column takes fails its batch, and then only itself.
    const [sound, spoilt] = await Promise.all([record(1), record(3, { reference: 'nul \u0000' })]);
    expect([sound.data!.recordPayment.order.status, spoilt.errors[0]!.code]).toEqual(['TO_SHIP', 'INPUT_INVALID']);
  });

  it('is opened for many at once by few statements, once for each order and platform, and refused for each alone', async () => {
    const CROWD = 24;
    const placed = await Promise.all(Array.from({ length: CROWD }, () => place()));
    await over(placed[1]!.order.id);
    let answers: Json[] = [];
    const opening = await subgraph.sql.during(async () => {
      answers = await Promise.all([...placed.map(({ order }) => start(order.id)), start(placed[2]!.order.id), start(newId('ord'))]);
    });
    const [time, unknown] = [answers[1], answers.at(-1)];
    expect([time.userErrors, unknown.userErrors]).toMatchObject([[{ code: 'PAYMENT_TIME_OVER' }], [{ code: 'ORDER_NOT_FOUND' }]]);
    const started = answers.filter(({ payment }) => payment !== null).map(({ payment }) => payment);
    expect(started.every(({ state, client }) => state === 'STARTED' && client !== null)).toBe(true);
    expect(started).toHaveLength(CROWD);
    expect(new Set(started.map(({ id }) => id)).size).toBe(CROWD - 1);
    expect(opening.length).toBeLessThan(CROWD / 2);
    await notify(payments.pay(started[0].id));
    expect((await look(placed[0]!.order.id)).status).toBe('TO_SHIP');
    expect(await runDue('orders.end-unpaid-order')).toBe(1);
  });

  it('leaves an event of a payment that is not ours to a person', async () => {
    const data = { paymentId: newId('pay'), outcome: 'PAID' as const, amountMinor: 1, currency: 'CNY', providerReference: 'x', occurredAt: new Date().toISOString() };
    await subgraph.deliver(paymentNotified({ tenantId: TEST_TENANT, sequence: 1, data }));
    expect((await subgraph.door.parking.list(TEST_TENANT, 10)).total).toBe(1);
  });
});

describe('an order that nobody pays', () => {
  it('ends after its time, tells it, and closes nothing that is not open', async () => {
    const { order: { id } } = await place();
    expect(await runDue('orders.end-unpaid-order')).toBe(0);
    await over(id);
    expect((await start(id)).userErrors).toEqual([{ code: 'PAYMENT_TIME_OVER' }]);
    expect(await runDue('orders.end-unpaid-order')).toBe(1);
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'PAYMENT_TIMEOUT', refunds: [] });
    expect(await told(id)).toEqual(['order-cancelled']);
    expect(await runDue('orders.end-unpaid-order')).toBe(0);
  });

  it('gets five minutes more while a payment is in progress, once, and then closes it at its platform', async () => {
    const { order: { id } } = await place();
    const { payment } = await start(id);
    await over(id);
    extensions = 0;
    await runDue('orders.end-unpaid-order');
    expect(await look(id)).toMatchObject({ status: 'PENDING_PAYMENT' });
    await over(id);
    await runDue('orders.end-unpaid-order');
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', payments: [{ state: 'CLOSING' }] });
    expect(extensions).toBe(1);
    await runDue('orders.close-payment');
    expect(await look(id)).toMatchObject({ payments: [{ state: 'CLOSED' }] });
    expect(payments.payments.get(payment.id)?.state).toBe('CLOSED');
  });

  it('gives a payment back that its platform had taken before it could be closed', async () => {
    const { order: { id } } = await place();
    const { payment } = await start(id);
    payments.pay(payment.id);
    await cancel(id);
    await runDue('orders.close-payment');
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', payments: [{ state: 'PAID' }], refunds: [{ reason: 'LATE_PAYMENT', state: 'DUE' }] });
    await runDue('orders.send-refund');
    expect(payments.refundedOf(payment.id)).toBe(6900);
  });
});

describe('a payment that comes late', () => {
  const late = async (): Promise<{ id: string; paymentId: string }> => {
    const { order: { id } } = await place();
    const { payment } = await start(id);
    await over(id);
    holds.get(id)!.state = 'RELEASED';
    take(holds.get(id)!.lines, -1);
    return { id, paymentId: payment.id };
  };

  it('is confirmed when its goods can be held again', async () => {
    const { id, paymentId } = await late();
    await notify(payments.pay(paymentId));
    expect(await look(id)).toMatchObject({ status: 'PENDING_PAYMENT' });
    // The time-out finds nothing to end any more.
    expect(await runDue('orders.end-unpaid-order')).toBe(0);
    expect(await runDue('orders.confirm-late-payment')).toBe(1);
    expect(await look(id)).toMatchObject({ status: 'TO_SHIP', refunds: [] });
    expect(await runDue('orders.confirm-late-payment')).toBe(0);
  });

  it('is given back with its reason when they are gone, and nothing was booked', async () => {
    const { id, paymentId } = await late();
    stock.set(MUG, 0);
    await notify(payments.pay(paymentId));
    await runDue('orders.confirm-late-payment');
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'LATE_PAYMENT', refunds: [{ reason: 'LATE_PAYMENT', state: 'DUE' }] });
    expect(await told(id)).toEqual(['order-cancelled']);
    await runDue('orders.send-refund');
    expect(payments.refundedOf(paymentId)).toBe(6900);
  });

  it('is given back when stock could not keep what we had confirmed', async () => {
    const { id, paymentId } = await paid();
    const event = await subgraph.deliver(latePaymentRefused({ tenantId: TEST_TENANT, sequence: 2, data: { orderId: id, reservationId: newId('rsv'), reason: 'SOLD_OUT' } }));
    await subgraph.redeliver(event);
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', cancelReason: 'LATE_PAYMENT', refunds: [{ reason: 'LATE_PAYMENT' }] });
    expect(await told(id)).toEqual(['order-confirmed', 'order-cancelled']);
    await runDue('orders.send-refund');
    expect(payments.refundedOf(paymentId)).toBe(6900);
  });
});

describe('races', () => {
  it('cancel against pay: one of them wins, and no money is lost', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => {
      const { order: { id } } = await place();
      const { payment } = await start(id);
      return { id, paymentId: payment.id as string };
    }));
    await Promise.all(ids.flatMap(({ id, paymentId }, n) => (n % 2 === 0 ? [cancel(id), notify(payments.pay(paymentId))] : [notify(payments.pay(paymentId)), cancel(id)])));
    await runDue('orders.send-refund');
    for (const { id, paymentId } of ids) {
      // Cancelled either way: before the payment came, or after it.
      expect(await look(id)).toMatchObject({ status: 'CANCELLED', refunds: [{ state: 'DONE' }] });
      expect(payments.refundedOf(paymentId)).toBe(6900);
      const types = await told(id);
      expect(types.filter((type) => type === 'order-cancelled')).toHaveLength(1);
      expect(types.filter((type) => type === 'order-confirmed').length).toBeLessThanOrEqual(1);
    }
  }, 30_000);

  it('time-out against pay: one of them wins, and no money is lost', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => {
      const { order: { id } } = await place();
      const { payment } = await start(id);
      await sql("update sales_order set pay_by = app_now() - interval '1 second', hold_extended = true where id = ?", [id]);
      return { id, paymentId: payment.id as string };
    }));
    await Promise.all([runDue('orders.end-unpaid-order'), ...ids.map(({ paymentId }) => notify(payments.pay(paymentId)))]);
    await runDue('orders.confirm-late-payment');
    await runDue('orders.close-payment');
    await runDue('orders.send-refund');
    for (const { id, paymentId } of ids) {
      const { status, refunds } = await look(id);
      expect([status, refunds.length, payments.refundedOf(paymentId)]).toEqual(status === 'TO_SHIP' ? ['TO_SHIP', 0, 0] : ['CANCELLED', 1, 6900]);
    }
  }, 30_000);
});

describe('giving up a paid order', () => {
  it('gives back all of it, once, however often and at once it is asked', async () => {
    const { id, paymentId } = await paid();
    const answers = await Promise.all([cancel(id), cancel(id), cancel(id)]);
    expect(answers.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort()).toEqual(['DONE', 'ORDER_CANCELLED', 'ORDER_CANCELLED'].sort());
    payments.slowRefunds = true;
    await runDue('orders.send-refund');
    expect(await look(id)).toMatchObject({ refunds: [{ state: 'DUE' }] });
    payments.slowRefunds = false;
    await sql('update refund set next_try_at = app_now() where order_id = ?', [id]);
    await runDue('orders.send-refund');
    expect(await look(id)).toMatchObject({ status: 'CANCELLED', refunded: true, refundedAmount: { amount: '69.00' }, refunds: [{ state: 'DONE', reason: 'ORDER_CANCELLED' }] });
    expect(payments.refundedOf(paymentId)).toBe(6900);
    const [asked, again] = payments.times.get((await look(id)).refunds[0].id)!;
    expect([asked, asked !== undefined]).toEqual([again, true]);
    expect(await told(id)).toEqual(['order-confirmed', 'order-cancelled', 'refund-paid']);
  });

  it('asks staff for a second factor of just that sum, and a large one for a second person', async () => {
    const staff = staffOf(TEST_TENANT, { subjectId: 'stf_anna' });
    const unpaid = (await place()).order.id;
    expect((await cancel(unpaid, staff)).userErrors).toEqual([]);
    const small = await paid();
    expect((await cancel(small.id, staff)).userErrors).toEqual([{ code: 'STEP_UP_REQUIRED' }]);
    expect((await look(small.id)).status).toBe('TO_SHIP');
    expect((await cancel(small.id, staff, 'good-small')).userErrors).toEqual([]);
    expect(stepUps.asked.at(-1)).toMatchObject({ staffId: 'stf_anna', action: 'REFUND', subject: small.id, amount: { minor: 6900, currency: 'CNY' } });
    expect((await look(small.id)).refunds).toMatchObject([{ state: 'DUE' }]);
    const large = await paid({ lines: [{ skuId: MUG, quantity: 20 }] });
    expect((await cancel(large.id, staff, 'good-small')).userErrors).toEqual([{ code: 'STEP_UP_USED' }]);
    expect((await cancel(large.id, staff, 'good-large')).order.status).toBe('CANCELLED');
    expect((await look(large.id)).refunds).toMatchObject([{ state: 'TO_APPROVE', amount: { amount: '1180.00' } }]);
    const own = await paid({ lines: [{ skuId: MUG, quantity: 20 }] });
    expect((await cancel(own.id)).userErrors).toEqual([]);
    expect((await look(own.id)).refunds).toMatchObject([{ state: 'DUE', amount: { amount: '1180.00' } }]);
    await runDue('orders.send-refund');
  });

  it('keeps a refund that the platform refuses for good, for a person', async () => {
    const { id } = await paid();
    await cancel(id);
    payments.refusals.push({ code: 'ACCOUNT_CLOSED', retryable: false });
    await runDue('orders.send-refund');
    expect((await look(id)).refunds).toMatchObject([{ state: 'FAILED' }]);
  });
});

describe('shipping advice', () => {
  it('names a carrier and parcels with reasons, and orders that could go together', async () => {
    const input = { lines: [{ skuId: MUG, quantity: 70 }], shipTo: { ...shipTo, name: '赵六', phone: '13600000006', province: '广东' } };
    const heavy = await paid(input);
    const advice = (await subgraph.ask('query($id: ID!) { shippingAdvice(orderId: $id) { carrier { carriers rule } parcels { weightGrams reasons lines { quantity } } } }', { id: heavy.id })).data?.shippingAdvice;
    // 70 mugs of 300 g are 21 kg.
    expect(advice).toEqual({ carrier: { carriers: ['SF'], rule: 'SOUTH' }, parcels: [{ weightGrams: 19_800, reasons: ['OVER_20_KG'], lines: [{ quantity: 66 }] }, { weightGrams: 1_200, reasons: ['OVER_20_KG'], lines: [{ quantity: 4 }] }] });
    const light = { ...input, lines: [{ skuId: MUG, quantity: 1 }] };
    const two = [(await paid(light)).id, (await paid({ ...light, shipTo: { ...light.shipTo, address1: ` ${light.shipTo.address1} ` } })).id];
    const merges = (await subgraph.ask('{ mergeSuggestions { weightGrams parcelsSaved reasons orders { id shipTo { name } } } }')).data?.mergeSuggestions;
    expect(merges.find(({ orders: found }: Json) => found.some(({ id }: Json) => id === two[0]))).toMatchObject({ weightGrams: 600, parcelsSaved: 1, orders: two.map((id) => ({ id })) });
    expect((await subgraph.ask('{ mergeSuggestions { weightGrams } }', {}, staffOf(TEST_TENANT, { channels: [newId('con')] }))).data?.mergeSuggestions).toEqual([]);
  });

  it('sends apart what lies in different places and what is not there yet, and tells what it would have made of past orders', async () => {
    const adviceOf = async (id: string): Promise<Json> => (await subgraph.ask('query($id: ID!) { shippingAdvice(orderId: $id) { parcels { reasons lines { quantity line { sku { id } } } } } }', { id })).data?.shippingAdvice.parcels.map(({ reasons, lines }: Json) => [reasons, ...lines.map(({ quantity, line }: Json) => `${line.sku.id === MUG ? 'mug' : 'tea'} x ${quantity}`)]);
    const preSale = (shipsFrom: Date | null) => subgraph.ask('mutation($id: ID!, $from: DateTime) { setPreSale(skuId: $id, shipsFrom: $from) { done } }', { id: TEA, from: shipsFrom?.toISOString() ?? null });
    const { id } = await paid({ lines: [{ skuId: MUG, quantity: 3 }, { skuId: TEA, quantity: 1 }] });
    const [east, west] = [newId('loc'), newId('loc')];
    const held = (lines: { skuId: string; quantity: number; locationId: string }[]) => subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: id, reservationId: newId('rsv'), lines } }));
    await held([{ skuId: MUG, quantity: 3, locationId: east }, { skuId: TEA, quantity: 1, locationId: east }]);
    expect(await adviceOf(id)).toEqual([[[], 'mug x 3', 'tea x 1']]);
    const apart = [{ skuId: MUG, quantity: 2, locationId: east }, { skuId: MUG, quantity: 1, locationId: west }, { skuId: TEA, quantity: 1, locationId: west }];
    const event = await held(apart);
    await subgraph.redeliver(event);
    expect((await adviceOf(id)).toSorted()).toEqual([[['LOCATIONS'], 'mug x 1', 'tea x 1'], [['LOCATIONS'], 'mug x 2']]);
    await preSale(new Date(Date.now() + 86_400_000));
    expect((await adviceOf(id)).map(([reasons]: Json) => reasons)).toEqual([['LOCATIONS', 'PRE_SALE'], ['LOCATIONS', 'PRE_SALE'], ['LOCATIONS', 'PRE_SALE']]);
    const simulate = async (from: Date, before: Date, viewer = staffOf(TEST_TENANT)): Promise<Json> => (await subgraph.ask('query($from: DateTime!, $before: DateTime!) { simulateShipping(from: $from, before: $before) { orders mergedOrders parcelsSaved splits { reason orders parcels } } }', { from: from.toISOString(), before: before.toISOString() }, viewer));
    const [from, before] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 60_000)];
    const { simulateShipping: found } = (await simulate(from, before)).data;
    expect(found.parcelsSaved).toBeGreaterThan(0);
    expect(found.splits.map(({ reason }: Json) => reason)).toEqual(['LOCATIONS', 'OVER_20_KG', 'PRE_SALE']);
    expect(found.splits[0]).toEqual({ reason: 'LOCATIONS', orders: 1, parcels: 3 });
    expect((await simulate(from, before, staffOf(TEST_TENANT, { channels: [newId('con')] }))).data.simulateShipping).toMatchObject({ orders: 0, splits: [] });
    expect((await simulate(before, from)).errors[0].code).toBe('INPUT_INVALID');
    await preSale(null);
  });
});
