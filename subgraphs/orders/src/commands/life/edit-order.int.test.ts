import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, offerSkus, reserveStock, settleReservation } from '@quanyu/calls';
import { paymentNotified } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, SandboxPayments, SandboxStepUps, staffOf, TEST_TENANT, type Json, type TestSubgraph } from '@quanyu/testing';
import { Viewer } from '@quanyu/viewer';
import { orders } from '../../subgraph.js';

// The neighbours answer by their contracts; the whole house does it for real in tests/journeys/own-order.test.ts.
const [MUG, TEA, POT] = [newId('sku'), newId('sku'), newId('sku')];
const PRICES = new Map<string, number>([[MUG, 5900], [TEA, 8800], [POT, 12_000]]);
const holds = new Map<string, 'HELD' | 'CONFIRMED' | 'RELEASED'>();
/** Of this channel alone. */
const floors = new Map<string, number>();
let pots = 100;
let cutOff = false;
const payments = new SandboxPayments();
const stepUps = new SandboxStepUps();
const calls = new InProcessCalls();
calls.add([
  ...payments.handlers, ...stepUps.handlers,
  answer(offerSkus, ({ skuIds, connectionId }) => Promise.resolve({
    skus: skuIds.filter((id) => PRICES.has(id)).map((skuId) => ({ skuId, code: skuId, title: 'Goods', weightGrams: 300, unitPriceMinor: PRICES.get(skuId)!, floorMinor: connectionId === channelId ? floors.get(skuId) ?? null : null })),
  })),
  answer(reserveStock, ({ key, lines }) => {
    const short = lines.filter(({ skuId, quantity }) => skuId === POT && quantity > pots).map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: pots }));
    if (short.length > 0) return Promise.resolve({ kind: 'short' as const, shortages: short });
    holds.set(key, 'HELD');
    if (cutOff) throw new Error('the process ends here');
    return Promise.resolve({ kind: 'held' as const, reservationId: `rsv-${key}`, state: 'HELD' as const, expiresAt: new Date(Date.now() + 900_000).toISOString(), replay: false, shortages: [] });
  }),
  answer(settleReservation, ({ key, deed }) => {
    if (deed === 'CONFIRM' || deed === 'RELEASE') holds.set(key, deed === 'CONFIRM' ? 'CONFIRMED' : 'RELEASED');
    return Promise.resolve({ kind: 'done' as const, reservationId: null, state: 'CONFIRMED' as const, expiresAt: null, replay: false });
  }),
]);

const anna = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: newId('mem'), scopes: ['orders:buy'], channels: [] });
const staff = staffOf(TEST_TENANT, { subjectId: 'stf_anna' });
let subgraph: TestSubgraph;
let channelId: string;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  const opened = await subgraph.ask('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind: 'H5', name: 'H5', currency: 'CNY', idempotencyKey: 'h5' } });
  channelId = opened.data!.openOwnChannel.channel.id;
});
beforeEach(() => { pots = 100; cutOff = false; floors.clear(); });
afterAll(() => subgraph.close());

let keys = 0;
const ORDER = 'id version status dueAmount { amount } refundedAmount { amount } amounts { total { amount } } lines { id quantity sku { id } unitPrice { amount } } refunds { state reason amount { amount } } payments { state amount { amount } } availableActions { action enabled reason } shipTo { name phone addressLine }';
const run = async (name: string, type: string, input: object, viewer = staff, fields = `order { ${ORDER} }`): Promise<Json> => {
  keys += 1;
  const { data, errors } = await subgraph.ask(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field } } }`, { input: { idempotencyKey: `e${keys}`, ...input } }, viewer);
  return data?.[name] ?? { errors };
};
const shipTo = { name: '李四', phone: '13900000002', address1: '样本街 5 号', city: '上海', countryCode: 'CN' };
const look = async (id: string): Promise<Json> => (await subgraph.ask(`query($id: ID!) { order(id: $id) { ${ORDER} timeline { deed detail } } }`, { id })).data?.order;
const pay = async (orderId: string): Promise<void> => {
  keys += 1;
  const { data } = await subgraph.ask('mutation($input: StartPaymentInput!) { startPayment(input: $input) { payment { id } userErrors { code } } }', { input: { orderId, provider: 'ALIPAY' } }, anna);
  await subgraph.deliver(paymentNotified({ tenantId: TEST_TENANT, sequence: 1, data: payments.pay(data!.startPayment.payment.id) }));
};
/** Two mugs of 59.00 and a tea of 88.00: 206.00, paid. */
const paid = async (): Promise<Json> => {
  const { order } = await run('placeOrder', 'PlaceOrderInput', { channelId, shipTo, lines: [{ skuId: MUG, quantity: 2 }, { skuId: TEA, quantity: 1 }] }, anna);
  await pay(order.id);
  return look(order.id);
};
const lineOf = (order: Json, skuId: string): string => order.lines.find(({ sku }: Json) => sku.id === skuId).id;
const edit = (order: Json, changes: object, over: object = {}, viewer = staff) => run('editOrder', 'EditOrderInput', { orderId: order.id, expectedVersion: order.version, reason: 'the buyer called', ...changes, ...over }, viewer, `order { ${ORDER} } shortages { asked available }`);
const preview = async (order: Json, changes: object): Promise<Json> => (await subgraph.ask(
  'query($input: PreviewOrderEditInput!) { previewOrderEdit(input: $input) { preview { total { amount } difference { amount } due { amount } refund { amount } } userErrors { code } } }', { input: { orderId: order.id, expectedVersion: order.version, ...changes } })).data?.previewOrderEdit;
const told = async (type: string, orderId: string): Promise<Json[]> => (await subgraph.recorded(type)).filter(({ subject }) => subject === orderId).map(({ data }) => data);
const ship = (orderId: string) => run('shipOrder', 'ShipOrderInput', { orderId, carrier: 'SF', trackingNumber: `SF${1000 + keys}` });

describe('editing a paid order', () => {
  it('is shown first, holds what is new, waits for the difference, and then ships all of it', async () => {
    const order = await paid();
    const changes = { lines: [{ lineId: lineOf(order, MUG), quantity: 3 }], add: [{ skuId: POT, quantity: 1 }] };
    expect(await preview(order, changes)).toEqual({ preview: { total: { amount: '385.00' }, difference: { amount: '179.00' }, due: { amount: '179.00' }, refund: { amount: '0.00' } }, userErrors: [] });
    const input = { idempotencyKey: 'edit-once' };
    const edited = await edit(order, changes, input);
    expect(edited).toMatchObject({ userErrors: [], order: { status: 'TO_SHIP', amounts: { total: { amount: '385.00' } }, dueAmount: { amount: '179.00' } } });
    expect((await edit(order, changes, input)).order.version).toBe(edited.order.version);
    const [[key, state]] = [...holds].filter(([name]) => name.startsWith('oed_')).slice(-1) as [[string, string]];
    expect(state).toBe('CONFIRMED');
    expect(edited.order.availableActions.find(({ action }: Json) => action === 'SHIP')).toMatchObject({ enabled: false, reason: 'DIFFERENCE_DUE' });
    expect((await ship(order.id)).userErrors).toMatchObject([{ code: 'DIFFERENCE_DUE' }]);
    expect(await told('orders.order-amended.v1', order.id)).toEqual([]);
    await pay(order.id);
    expect(await look(order.id)).toMatchObject({ dueAmount: { amount: '0.00' }, payments: [{ state: 'PAID', amount: { amount: '206.00' } }, { state: 'PAID', amount: { amount: '179.00' } }], refunds: [] });
    expect(await told('orders.order-amended.v1', order.id)).toMatchObject([{ beforeMinor: 20_600, afterMinor: 38_500, currency: 'CNY' }]);
    expect((await ship(order.id)).order.status).toBe('SHIPPED');
    // Two mugs and the tea from the order's own hold, the rest from the edit's.
    const [{ lines, moreHolds }] = await told('orders.order-shipped.v1', order.id) as [Json];
    expect(lines).toHaveLength(3);
    expect(moreHolds).toEqual([{ key, lines: expect.arrayContaining([{ skuId: MUG, quantity: 1 }, { skuId: POT, quantity: 1 }]) }]);
    const { timeline } = await look(order.id);
    expect(timeline.map(({ deed }: Json) => deed)).toEqual(expect.arrayContaining(['EDITED', 'DIFFERENCE_PAID', 'SHIPPED']));
    expect(JSON.parse(timeline.find(({ deed }: Json) => deed === 'EDITED').detail)).toMatchObject({ differenceMinor: 17_900, reason: 'the buyer called' });
  });

  it('gives back what it costs less, after a second factor of just that sum, and gives the units free', async () => {
    const order = await paid();
    const changes = { lines: [{ lineId: lineOf(order, TEA), quantity: 0 }, { lineId: lineOf(order, MUG), quantity: 1 }] };
    expect((await preview(order, changes)).preview).toMatchObject({ difference: { amount: '-147.00' }, refund: { amount: '147.00' } });
    expect((await edit(order, changes)).userErrors).toMatchObject([{ code: 'STEP_UP_REQUIRED' }]);
    expect((await look(order.id)).version).toBe(order.version);
    const edited = await edit(order, changes, { stepUpToken: `good-${order.id}` });
    expect(edited).toMatchObject({ userErrors: [], order: { dueAmount: { amount: '0.00' }, lines: [{ quantity: 1 }], refunds: [{ state: 'DUE', reason: 'ORDER_EDITED', amount: { amount: '147.00' } }] } });
    expect(stepUps.asked.at(-1)).toMatchObject({ action: 'REFUND', subject: order.id, amount: { minor: 14_700, currency: 'CNY' } });
    expect(await told('orders.order-edited.v1', order.id)).toMatchObject([{ released: [{ key: order.id, lines: expect.arrayContaining([{ skuId: TEA, quantity: 1 }, { skuId: MUG, quantity: 1 }]) }] }]);
    expect(await told('orders.order-amended.v1', order.id)).toMatchObject([{ beforeMinor: 20_600, afterMinor: 5900 }]);
    // What is left of it goes back when it is given up, and what was amended is undone before it is reversed.
    expect((await run('cancelOrder', 'CancelOrderInput', { orderId: order.id }, anna)).order).toMatchObject({ status: 'CANCELLED', refunds: [{ amount: { amount: '147.00' } }, { amount: { amount: '59.00' } }] });
    expect((await told('orders.order-amended.v1', order.id)).at(-1)).toMatchObject({ beforeMinor: 5900, afterMinor: 20_600 });
  });

  it('swaps goods for the difference alone; given up after that, each payment gets its own back', async () => {
    const order = await paid();
    await edit(order, { lines: [{ lineId: lineOf(order, TEA), quantity: 0 }], add: [{ skuId: POT, quantity: 1 }] });
    await pay(order.id);
    const swapped = await look(order.id);
    expect(swapped).toMatchObject({ amounts: { total: { amount: '238.00' } }, payments: [{ amount: { amount: '206.00' } }, { amount: { amount: '32.00' } }] });
    expect((await run('cancelOrder', 'CancelOrderInput', { orderId: order.id }, anna)).order.refunds.map(({ amount }: Json) => amount.amount)).toEqual(['206.00', '32.00']);
    const [{ moreHolds }] = await told('orders.order-cancelled.v1', order.id) as [Json];
    expect(moreHolds).toEqual([expect.stringMatching(/^oed_/)]);
  });

  it('can be taken back before the difference is paid, and gives the edit\'s own units free first', async () => {
    const order = await paid();
    const { order: more } = await edit(order, { lines: [{ lineId: lineOf(order, MUG), quantity: 5 }] });
    expect(more.dueAmount.amount).toBe('177.00');
    const { order: back, userErrors } = await edit(more, { lines: [{ lineId: lineOf(order, MUG), quantity: 1 }] }, { stepUpToken: `good-back-${order.id}` });
    expect(userErrors).toEqual([]);
    expect(back).toMatchObject({ dueAmount: { amount: '0.00' }, refunds: [{ amount: { amount: '59.00' } }] });
    expect((await told('orders.order-edited.v1', order.id)).at(-1)!.released).toEqual([{ key: expect.stringMatching(/^oed_/), lines: [{ skuId: MUG, quantity: 3 }] }, { key: order.id, lines: [{ skuId: MUG, quantity: 1 }] }]);
  });

  it('says what is short, changes nothing, and holds nothing after it', async () => {
    const order = await paid();
    pots = 2;
    expect(await edit(order, { add: [{ skuId: POT, quantity: 3 }] })).toMatchObject({ order: null, userErrors: [{ code: 'STOCK_SHORT' }], shortages: [{ asked: 3, available: 2 }] });
    expect((await look(order.id)).version).toBe(order.version);
  });

  it('that is cut off while its goods are held is found, and gives them back', async () => {
    const order = await paid();
    cutOff = true;
    expect((await edit(order, { add: [{ skuId: POT, quantity: 1 }] })).errors).toHaveLength(1);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update order_edit set asked_at = app_now() - interval '3 minutes' where order_id = ?", [order.id]));
    const job = subgraph.jobs.definitions.find(({ name }) => name === 'orders.give-back-edit-hold')!;
    for await (const batch of job.due!()) for (const { payload } of batch) await job.run(payload, { signal: AbortSignal.timeout(10_000), attempt: 1 });
    const [{ id, state }] = await subgraph.rows<{ id: string; state: string }>(TEST_TENANT, 'select id, state from order_edit where order_id = ?', [order.id]) as [{ id: string; state: string }];
    expect([state, holds.get(id)]).toEqual(['GIVEN_UP', 'RELEASED']);
    expect((await look(order.id)).version).toBe(order.version);
  });

  it('of two at once only one is done, and the other holds nothing', async () => {
    const order = await paid();
    const answers = await Promise.all([1, 2, 3].map((quantity) => edit(order, { add: [{ skuId: POT, quantity }] })));
    expect(answers.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort()).toEqual(['DONE', 'VERSION_CONFLICT', 'VERSION_CONFLICT']);
    const edits = await subgraph.rows<{ id: string; state: string }>(TEST_TENANT, 'select id, state from order_edit where order_id = ?', [order.id]);
    expect(edits.map(({ id, state }) => `${state} ${holds.get(id)}`).sort()).toEqual(['DONE CONFIRMED', 'GIVEN_UP RELEASED', 'GIVEN_UP RELEASED']);
  });

  it('is refused by its reason', async () => {
    const order = await paid();
    const changes = { lines: [{ lineId: lineOf(order, MUG), quantity: 3 }] };
    const codes = async (over: object, viewer = staff): Promise<string[]> => (await edit(order, changes, over, viewer)).userErrors.map(({ code }: Json) => code);
    expect(await codes({ expectedVersion: order.version - 1 })).toEqual(['VERSION_CONFLICT']);
    expect(await codes({ reason: ' ' })).toEqual(['REASON_INVALID']);
    expect(await codes({}, staffOf(TEST_TENANT, { channels: [] }))).toEqual(['ORDER_NOT_FOUND']);
    expect((await preview(order, { lines: [{ lineId: lineOf(order, MUG), quantity: 2 }] })).userErrors).toMatchObject([{ code: 'NOTHING_CHANGES' }]);
    await ship(order.id);
    expect(await codes({ expectedVersion: (await look(order.id)).version })).toEqual(['ALREADY_SHIPPED']);
  });
});

describe('editing an order that is not paid', () => {
  const placed = async (): Promise<Json> => look((await run('placeOrder', 'PlaceOrderInput', { channelId, shipTo, lines: [{ skuId: MUG, quantity: 2 }, { skuId: TEA, quantity: 1 }] }, anna)).order.id);
  const start = async (orderId: string): Promise<string> =>
    (await subgraph.ask('mutation($input: StartPaymentInput!) { startPayment(input: $input) { payment { id } } }', { input: { orderId, provider: 'ALIPAY' } }, anna)).data!.startPayment.payment.id;
  const codesOf = (answer: Json): string[] => answer.userErrors.map(({ code }: Json) => code);

  it('quotes it anew, holds what is new, gives the rest free, and is paid by its new sum', async () => {
    const order = await placed();
    const changes = { lines: [{ lineId: lineOf(order, MUG), quantity: 1 }], add: [{ skuId: POT, quantity: 1 }] };
    expect((await preview(order, changes)).preview).toEqual({ total: { amount: '267.00' }, difference: { amount: '61.00' }, due: { amount: '0.00' }, refund: { amount: '0.00' } });
    const edited = await edit(order, changes);
    expect(edited).toMatchObject({ userErrors: [], order: { status: 'PENDING_PAYMENT', amounts: { total: { amount: '267.00' } }, dueAmount: { amount: '0.00' }, refunds: [] } });
    const [[key, state]] = [...holds].filter(([name]) => name.startsWith('oed_')).slice(-1) as [[string, string]];
    expect(state).toBe('CONFIRMED');
    expect(await told('orders.order-edited.v1', order.id)).toMatchObject([{ editId: key, released: [{ key: order.id, lines: [{ skuId: MUG, quantity: 1 }] }] }]);
    await pay(order.id);
    expect(await look(order.id)).toMatchObject({ status: 'TO_SHIP', payments: [{ state: 'PAID', amount: { amount: '267.00' } }] });
    // Booked whole when it was confirmed: nothing is amended.
    expect(await told('orders.order-confirmed.v1', order.id)).toMatchObject([{ amounts: { totalMinor: 26_700 } }]);
    expect(await told('orders.order-amended.v1', order.id)).toEqual([]);
    await ship(order.id);
    expect(await told('orders.order-shipped.v1', order.id)).toMatchObject([{ moreHolds: [{ key, lines: [{ skuId: POT, quantity: 1 }] }] }]);
  });

  it('ends a payment that was begun at its platform first, so that nobody pays the old sum', async () => {
    const order = await placed();
    const begun = await start(order.id);
    const { order: edited, userErrors } = await edit(order, { lines: [{ lineId: lineOf(order, MUG), quantity: 3 }] });
    expect(userErrors).toEqual([]);
    expect(edited).toMatchObject({ amounts: { total: { amount: '265.00' } }, payments: [{ state: 'CLOSED', amount: { amount: '206.00' } }] });
    expect(() => payments.pay(begun)).toThrow('takes no money');
    await pay(order.id);
    expect(await look(order.id)).toMatchObject({ status: 'TO_SHIP', payments: [{ state: 'CLOSED' }, { state: 'PAID', amount: { amount: '265.00' } }] });
  });

  it('that was paid in the same moment is paid, stays as it was, and holds nothing more', async () => {
    const order = await placed();
    payments.pay(await start(order.id));
    expect(codesOf(await edit(order, { add: [{ skuId: POT, quantity: 1 }] }))).toEqual(['ALREADY_PAID']);
    expect(await look(order.id)).toMatchObject({ status: 'TO_SHIP', amounts: { total: { amount: '206.00' } }, payments: [{ state: 'PAID' }] });
    const [{ id, state }] = await subgraph.rows<Json>(TEST_TENANT, 'select id, state from order_edit where order_id = ?', [order.id]);
    expect([state, holds.get(id)]).toEqual(['GIVEN_UP', 'RELEASED']);
  });

  it('stays as it is where its platform does not answer, and the payment is ended later', async () => {
    const order = await placed();
    const begun = await start(order.id);
    payments.refusals.push({ code: 'BUSY', retryable: true });
    expect(codesOf(await edit(order, { lines: [{ lineId: lineOf(order, MUG), quantity: 1 }] }))).toEqual(['PROVIDER_UNAVAILABLE']);
    expect(await look(order.id)).toMatchObject({ version: order.version, amounts: { total: { amount: '206.00' } } });
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update payment set next_try_at = app_now() where id = ?', [begun]));
    expect(codesOf(await edit(order, { lines: [{ lineId: lineOf(order, MUG), quantity: 1 }] }))).toEqual([]);
    expect(() => payments.pay(begun)).toThrow('takes no money');
  });

  it('gives back what edits hold when it is given up', async () => {
    const order = await placed();
    await edit(order, { add: [{ skuId: POT, quantity: 1 }] });
    const [{ id }] = await subgraph.rows<Json>(TEST_TENANT, 'select id from order_edit where order_id = ?', [order.id]);
    await run('cancelOrder', 'CancelOrderInput', { orderId: order.id }, anna);
    expect(await told('orders.order-cancelled.v1', order.id)).toMatchObject([{ moreHolds: [id], wasConfirmed: false }]);
  });

  it('is refused by its reason', async () => {
    const order = await placed();
    const [mugs, tea] = [lineOf(order, MUG), lineOf(order, TEA)];
    expect(codesOf(await edit(order, { lines: [{ lineId: mugs, quantity: 0 }, { lineId: tea, quantity: 0 }], add: [{ skuId: POT, quantity: 1 }] }))).toEqual(['KEEP_ONE_PLACED']);
    expect(codesOf(await edit(order, { lines: [{ lineId: mugs, quantity: 1 }] }, { expectedVersion: order.version + 1 }))).toEqual(['VERSION_CONFLICT']);
    pots = 0;
    expect(codesOf(await edit(order, { add: [{ skuId: POT, quantity: 1 }] }))).toEqual(['STOCK_SHORT']);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update sales_order set pay_by = app_now() - interval '1 second' where id = ?", [order.id]));
    expect(codesOf(await edit(order, { lines: [{ lineId: mugs, quantity: 1 }] }))).toEqual(['PAYMENT_TIME_OVER']);
    expect(await look(order.id)).toMatchObject({ version: order.version, lines: [{ quantity: 2 }, { quantity: 1 }] });
  });

  it('of three at once, and of one beside a payment that begins, leaves one sum that can be paid', async () => {
    const order = await placed();
    const answers = await Promise.all([...[1, 2, 3].map((quantity) => edit(order, { add: [{ skuId: POT, quantity }] })), start(order.id)]);
    expect(answers.slice(0, 3).filter((answer: Json) => codesOf(answer).length === 0).length).toBeLessThanOrEqual(1);
    const after = await look(order.id);
    await pay(order.id);
    expect(await look(order.id)).toMatchObject({ status: 'TO_SHIP', amounts: after.amounts });
    const held = await subgraph.rows<Json>(TEST_TENANT, 'select id, state from order_edit where order_id = ?', [order.id]);
    for (const { id, state } of held) expect(holds.get(id)).toBe(state === 'DONE' ? 'CONFIRMED' : 'RELEASED');
  });
});

describe('an edit below a floor', () => {
  it('is refused by its code, paid or not, holds nothing, and leaves what was sold as it was', async () => {
    const order = await paid();
    const unpaid = await look((await run('placeOrder', 'PlaceOrderInput', { channelId, shipTo, lines: [{ skuId: MUG, quantity: 2 }] }, anna)).order.id);
    floors.set(MUG, 6000).set(POT, 12_001);
    const more = (one: Json) => ({ lines: [{ lineId: lineOf(one, MUG), quantity: 3 }] });
    const before = holds.size;
    for (const [one, changes] of [[order, { add: [{ skuId: POT, quantity: 1 }] }], [order, more(order)], [unpaid, more(unpaid)]] as const) {
      expect((await edit(one, changes)).userErrors).toMatchObject([{ code: 'PRICE_BELOW_FLOOR' }]);
      expect((await preview(one, changes)).userErrors).toMatchObject([{ code: 'PRICE_BELOW_FLOOR' }]);
      expect((await look(one.id)).version).toBe(one.version);
    }
    expect(holds.size).toBe(before);
    expect(await edit(order, { lines: [{ lineId: lineOf(order, TEA), quantity: 2 }] })).toMatchObject({ userErrors: [], order: { dueAmount: { amount: '88.00' } } });
  });
});

describe('correcting an address', () => {
  it('is done by the buyer or for them, before it is shipped, and stands nowhere in clear', async () => {
    const order = await paid();
    const change = (expectedVersion: number, over: object = {}, viewer = anna) => run('changeShipTo', 'ChangeShipToInput', { orderId: order.id, expectedVersion, shipTo: { ...shipTo, address1: '新地址路 77 号', name: '王小二', ...over } }, viewer);
    expect((await change(order.version, { phone: '12' })).userErrors).toMatchObject([{ code: 'ADDRESS_INVALID', field: ['shipTo', 'phone'] }]);
    expect((await change(order.version - 1)).userErrors).toMatchObject([{ code: 'VERSION_CONFLICT' }]);
    expect((await change(order.version)).order.shipTo).toMatchObject({ name: '王**', addressLine: '新地址***' });
    const stranger = new Viewer({ kind: 'member', tenantId: TEST_TENANT, subjectId: newId('mem'), scopes: ['orders:buy'], channels: [] });
    expect((await change(order.version, {}, stranger)).userErrors).toMatchObject([{ code: 'ORDER_NOT_FOUND' }]);
    const rows = await subgraph.rows<Json>(TEST_TENANT, 'select (select json_agg(k) from idempotency_key k)::text as keys, (select json_agg(t) from timeline_entry t)::text as timeline, (select json_agg(s) from sales_order s)::text as orders');
    expect(JSON.stringify(rows)).not.toContain('王小二');
    await ship(order.id);
    expect((await change((await look(order.id)).version)).userErrors).toMatchObject([{ code: 'ALREADY_SHIPPED' }]);
  });
});
