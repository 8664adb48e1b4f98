import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, InProcessCalls, reserveStock } from '@quanyu/calls';
import { orderReceived, skuCreated, stockReserved, type EventOf } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, SandboxPayments, SandboxStepUps, staffOf, TEST_TENANT, testVault, type Json, type TestSubgraph } from '@quanyu/testing';
import { orders } from '../../subgraph.js';

const CONNECTION = newId('con');
const [MUG, TEA] = [newId('sku'), newId('sku')];
const payments = new SandboxPayments();
const stepUps = new SandboxStepUps();
let inStock = true;
const calls = new InProcessCalls();
calls.add([...payments.handlers, ...stepUps.handlers, answer(reserveStock, ({ key, lines }) => Promise.resolve(inStock
  ? { kind: 'held' as const, reservationId: `rsv-${key}`, state: 'HELD' as const, expiresAt: new Date(Date.now() + 900_000).toISOString(), replay: false, shortages: [] }
  : { kind: 'short' as const, shortages: lines.map(({ skuId, quantity }) => ({ skuId, asked: quantity, available: 0 })) }))]);
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await openTestSubgraph(orders, { calls });
  for (const [skuId, code] of [[MUG, 'MUG'], [TEA, 'TEA']] as const) await subgraph.deliver(skuCreated({ tenantId: TEST_TENANT, sequence: 1, data: { skuId, productId: newId('prd'), code } }));
});
afterAll(() => subgraph.close());

type Told = EventOf<typeof orderReceived>['data'];
const shipTo = { name: '张三', phone: '+8613800000001', address1: '测试路 100 号', address2: null, city: '杭州', province: '浙江', postalCode: '310000', countryCode: 'CN' };
let number = 0;
/** Two mugs of 30.00 and a tea of 40.00, five off, ten for shipping: 105.00. */
const shippedOrder = async (over: Partial<Told['amounts']> = {}, rawStatus = 'wait_buyer_confirm_goods'): Promise<{ id: string; mug: string; tea: string }> => {
  number += 1;
  const externalOrderId = `as-${number}`;
  const data: Told = {
    connectionId: CONNECTION, platform: 'TAOBAO', deliveryId: newId('dlv'), externalOrderId, orderNumber: `${number}`, placedAt: '2026-11-01T08:00:00Z', updatedAt: '2026-11-01T08:00:00Z', paymentState: 'PAID', cancelledAt: null, rawStatus,
    amounts: { currency: 'CNY', itemsMinor: 10_000, discountMinor: 500, shippingMinor: 1_000, taxMinor: 0, taxesIncluded: true, totalMinor: 10_500, ...over },
    lines: [
      { externalLineId: '1', externalSku: 'MUG', title: 'Mug', quantity: 2, unitPriceMinor: 3_000, discountMinor: 0 },
      { externalLineId: '2', externalSku: 'TEA', title: 'Tea', quantity: 1, unitPriceMinor: 4_000, discountMinor: 500 },
    ],
    customer: null, sealedShipTo: testVault().seal(JSON.stringify(shipTo), { tenantId: TEST_TENANT, row: externalOrderId, field: 'shipTo' }),
  };
  await subgraph.deliver(orderReceived({ tenantId: TEST_TENANT, sequence: 1, data }));
  const [{ id }] = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from sales_order where external_order_id = ?', [externalOrderId]) as [{ id: string }];
  await subgraph.deliver(stockReserved({ tenantId: TEST_TENANT, sequence: 1, data: { orderId: id, reservationId: newId('rsv'), lines: [{ skuId: MUG, quantity: 2 }, { skuId: TEA, quantity: 1 }] } }));
  const lines = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from order_line where order_id = ? order by external_line_id', [id]);
  return { id, mug: lines[0]!.id, tea: lines[1]!.id };
};
const AFTER_SALE = 'id state kind refundAmount { amount } decideBy returnBy answer returnTracking lines { quantity restocked scrapped line { title } } availableActions { action enabled } replacement { id status amounts { total { amount } } lines { quantity } }';
/** Deeds that may give money back. */
const GUARDED = new Set(['decideAfterSale', 'settleAfterSale', 'approveRefund', 'recordRefund']);
let keys = 0;
const staff = staffOf(TEST_TENANT, { subjectId: 'stf_anna' });
const colleague = staffOf(TEST_TENANT, { subjectId: 'stf_bert' });
const run = async (name: string, type: string, input: object, viewer = staff, fields = `afterSale { ${AFTER_SALE} } order { afterSale refunded status }`): Promise<Json> => {
  keys += 1;
  const { data, errors } = await subgraph.ask(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code field } } }`, { input: { idempotencyKey: `k${keys}`, ...(GUARDED.has(name) && { stepUpToken: `good-${keys}` }), ...input } }, viewer);
  expect(errors).toEqual([]);
  return data?.[name];
};
const request = (orderId: string, lines: object[], over: object = {}) => run('requestAfterSale', 'RequestAfterSaleInput', { orderId, kind: 'RETURN_AND_REFUND', reason: 'broken', lines, ...over });
const decide = (afterSaleId: string, approve: boolean, over: object = {}) => run('decideAfterSale', 'DecideAfterSaleInput', { afterSaleId, approve, ...over });
const receive = (afterSaleId: string) => run('receiveReturn', 'AfterSaleDeedInput', { afterSaleId });
const settle = (afterSaleId: string, lines: object[]) => run('settleAfterSale', 'SettleAfterSaleInput', { afterSaleId, lines });
const recordRefund = (refundId: string, viewer = staff) => run('recordRefund', 'RefundDeedInput', { refundId }, viewer, 'order { refunded afterSale refundedAmount { amount } refunds { state } }');
const refundOf = async (orderId: string): Promise<Json> => (await subgraph.ask('query($id: ID!) { order(id: $id) { status afterSale refunded refundedAmount { amount } refunds { id state route reason amount { amount } } afterSales { state } } }', { id: orderId })).data?.order;
const recorded = async (type: string, subject: string): Promise<Json[]> => (await subgraph.recorded(type)).filter((event) => event.subject === subject).map(({ data }) => data);

describe('a return with refund', () => {
  it('goes its way: asked, allowed, sent, come, looked at, paid back, each told', async () => {
    const { id, mug } = await shippedOrder();
    const asked = await request(id, [{ lineId: mug, quantity: 1 }], { evidence: ['https://example.com/broken.jpg'] });
    // One mug of two: 95.00 for the goods, of which 60/95 for the mugs, half of that.
    expect(asked).toMatchObject({ userErrors: [], order: { afterSale: 'AFTER_SALE', status: 'SHIPPED' }, afterSale: { state: 'REQUESTED', refundAmount: { amount: '30.00' } } });
    const { id: afterSaleId } = asked.afterSale;
    expect((await decide(afterSaleId, true)).afterSale).toMatchObject({ state: 'APPROVED', returnBy: expect.anything() });
    expect((await run('sendBack', 'SendBackInput', { afterSaleId, carrier: 'SF', trackingNumber: 'SF-123456' })).afterSale).toMatchObject({ state: 'RETURNING', returnTracking: 'SF-123456' });
    expect((await receive(afterSaleId)).afterSale.state).toBe('INSPECTING');
    expect((await settle(afterSaleId, [{ lineId: mug, restock: 1, scrap: 1 }])).userErrors).toMatchObject([{ code: 'INSPECTION_INVALID' }]);
    expect(await settle(afterSaleId, [{ lineId: mug, restock: 1, scrap: 0 }])).toMatchObject({ order: { afterSale: 'REFUNDING' }, afterSale: { state: 'REFUNDING', lines: [{ restocked: 1, scrapped: 0 }] } });
    expect(await recorded('orders.goods-returned.v1', afterSaleId)).toMatchObject([{ lines: [{ skuId: MUG, quantity: 1, fate: 'RESTOCK' }] }]);
    const { refunds: [refund] } = await refundOf(id);
    expect(refund).toMatchObject({ state: 'DUE', route: 'OUTSIDE', amount: { amount: '30.00' } });
    expect((await recordRefund(refund.id)).order).toMatchObject({ afterSale: 'NONE', refunded: false, refundedAmount: { amount: '30.00' }, refunds: [{ state: 'DONE' }] });
    expect(await recorded('orders.refund-paid.v1', id)).toMatchObject([{ afterSaleId, amountMinor: 3_000, refundedBeforeMinor: 0, totalMinor: 10_500 }]);
    expect((await recorded('orders.after-sale-changed.v1', afterSaleId)).map(({ state }) => state)).toEqual(['REQUESTED', 'APPROVED', 'RETURNING', 'INSPECTING', 'REFUNDING', 'DONE']);
  });

  it('can be denied with a reason, also after the goods were looked at, and withdrawn; what it claimed is free again', async () => {
    const { id, mug } = await shippedOrder();
    const first = (await request(id, [{ lineId: mug, quantity: 2 }])).afterSale;
    expect((await decide(first.id, false)).userErrors).toMatchObject([{ code: 'REASON_INVALID' }]);
    expect((await decide(first.id, false, { answer: 'worn' })).afterSale).toMatchObject({ state: 'REJECTED', answer: 'worn' });
    const second = (await request(id, [{ lineId: mug, quantity: 2 }])).afterSale;
    expect((await run('withdrawAfterSale', 'AfterSaleDeedInput', { afterSaleId: second.id })).order).toMatchObject({ afterSale: 'NONE' });
    const third = (await request(id, [{ lineId: mug, quantity: 2 }])).afterSale;
    await decide(third.id, true);
    await receive(third.id);
    expect((await decide(third.id, false, { answer: 'other goods' })).afterSale.state).toBe('REJECTED');
    expect((await receive(third.id)).userErrors).toMatchObject([{ code: 'AFTER_SALE_STATE' }]);
  });

  it('is withdrawn by itself when the goods are not sent in time', async () => {
    const { id, mug } = await shippedOrder();
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 1 }]);
    await decide(afterSale.id, true);
    const job = subgraph.jobs.definitions.find(({ name }) => name === 'orders.end-silent-after-sale')!;
    const due = async (): Promise<number> => { let count = 0; for await (const batch of job.due!()) for (const { payload } of batch) { count += 1; await job.run(payload, { signal: AbortSignal.timeout(5_000), attempt: 1 }); } return count; };
    expect(await due()).toBe(0);
    await subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute("update after_sale set return_by = app_now() - interval '1 minute' where id = ?", [afterSale.id]));
    expect([await due(), await due()]).toEqual([1, 0]);
    expect((await refundOf(id)).afterSales).toEqual([{ state: 'WITHDRAWN' }]);
  });
});

describe('never more than was bought', () => {
  it('refuses more units, and more money, also by many at once', async () => {
    const { id, mug, tea } = await shippedOrder();
    expect((await request(id, [{ lineId: mug, quantity: 3 }])).userErrors).toMatchObject([{ code: 'MORE_THAN_BOUGHT' }]);
    for (const quantity of [0, -1, 2_147_483_647]) expect((await request(id, [{ lineId: mug, quantity }])).userErrors[0].code).toMatch(/QUANTITY_INVALID|MORE_THAN_BOUGHT/);
    expect((await request(id, [{ lineId: newId('lin'), quantity: 1 }])).userErrors).toMatchObject([{ code: 'LINE_NOT_FOUND' }]);
    expect((await request(id, [])).userErrors).toMatchObject([{ code: 'LINES_INVALID' }]);
    expect((await request(id, [{ lineId: tea, quantity: 1 }], { refund: { amount: '105.01', currency: 'CNY' } })).userErrors).toMatchObject([{ code: 'MORE_THAN_PAID' }]);
    expect((await request(id, [{ lineId: tea, quantity: 1 }], { evidence: ['javascript:alert(1)'] })).userErrors).toMatchObject([{ code: 'EVIDENCE_INVALID' }]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => request(id, [{ lineId: mug, quantity: 1 }])));
    expect(answers.filter(({ afterSale }) => afterSale !== null)).toHaveLength(2);
    const [{ claimed }] = await subgraph.rows<{ claimed: number }>(TEST_TENANT, 'select claimed_quantity as claimed from order_line where id = ?', [mug]) as [{ claimed: number }];
    expect(claimed).toBe(2);
  });

  it('promises no more in all than came in, whichever of two is decided first', async () => {
    const { id, mug, tea } = await shippedOrder();
    const both = await Promise.all([mug, tea].map((lineId) => request(id, [{ lineId, quantity: 1 }], { kind: 'REFUND_ONLY', refund: { amount: '60.00', currency: 'CNY' } })));
    const decided = await Promise.all(both.map(({ afterSale }) => decide(afterSale.id, true)));
    expect(decided.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort()).toEqual(['DONE', 'MORE_THAN_PAID']);
    expect((await refundOf(id)).refundedAmount).toEqual({ amount: '60.00' });
  });

  it('asks nothing back of what is not sent, not paid, or over', async () => {
    const { id, mug } = await shippedOrder({}, 'wait_seller_send_goods');
    expect((await request(id, [{ lineId: mug, quantity: 1 }])).userErrors).toMatchObject([{ code: 'NOT_SHIPPED' }]);
    expect((await request(newId('ord'), [{ lineId: mug, quantity: 1 }])).userErrors).toMatchObject([{ code: 'ORDER_NOT_FOUND' }]);
  });
});

describe('a refund', () => {
  it('is paid once when it is said twice at once', async () => {
    const { id, mug } = await shippedOrder();
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 2 }], { kind: 'REFUND_ONLY' });
    await Promise.all([decide(afterSale.id, true), decide(afterSale.id, true)]);
    const { refunds } = await refundOf(id);
    expect(refunds).toHaveLength(1);
    const said = await Promise.all([recordRefund(refunds[0].id), recordRefund(refunds[0].id), recordRefund(refunds[0].id)]);
    expect(said.map(({ userErrors }) => userErrors[0]?.code ?? 'DONE').sort()).toEqual(['DONE', 'REFUND_STATE', 'REFUND_STATE']);
    expect(await recorded('orders.refund-paid.v1', id)).toHaveLength(1);
  });

  it('of a large sum waits for a second person', async () => {
    const { id, mug } = await shippedOrder({ itemsMinor: 1_000_000, discountMinor: 0, shippingMinor: 0, totalMinor: 1_000_000 });
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 2 }], { kind: 'REFUND_ONLY', refund: { amount: '1000.00', currency: 'CNY' } });
    await decide(afterSale.id, true);
    const { refunds: [refund] } = await refundOf(id);
    expect(refund.state).toBe('TO_APPROVE');
    expect((await recordRefund(refund.id)).userErrors).toMatchObject([{ code: 'REFUND_STATE' }]);
    const approve = (viewer: typeof staff) => run('approveRefund', 'RefundDeedInput', { refundId: refund.id }, viewer, 'order { refunds { state } }');
    expect((await approve(staff)).userErrors).toMatchObject([{ code: 'SECOND_PERSON_REQUIRED' }]);
    expect((await approve(colleague)).order.refunds).toEqual([{ state: 'DUE' }]);
    expect((await approve(colleague)).userErrors).toMatchObject([{ code: 'REFUND_STATE' }]);
    expect((await approve(staffOf(TEST_TENANT, { channels: [] }))).userErrors).toMatchObject([{ code: 'REFUND_NOT_FOUND' }]);
    await subgraph.ask('mutation($from: MoneyInput!) { setRefundRule(fourEyesFrom: $from) { done } }', { from: { amount: '5.00', currency: 'CNY' } });
    const small = await shippedOrder();
    const asked = await request(small.id, [{ lineId: small.mug, quantity: 1 }], { kind: 'REFUND_ONLY', refund: { amount: '5.00', currency: 'CNY' } });
    await decide(asked.afterSale.id, true);
    expect((await refundOf(small.id)).refunds).toMatchObject([{ state: 'TO_APPROVE' }]);
    await subgraph.ask('mutation($from: MoneyInput!) { setRefundRule(fourEyesFrom: $from) { done } }', { from: { amount: '1000.00', currency: 'CNY' } });
  });
});

describe('the second factor of a refund', () => {
  it('is asked for this thing and this amount before money is promised, and for nothing else', async () => {
    const { id, mug } = await shippedOrder();
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 1 }], { kind: 'REFUND_ONLY' });
    const before = stepUps.asked.length;
    for (const [stepUpToken, code] of [[null, 'STEP_UP_REQUIRED'], ['bad', 'STEP_UP_INVALID'], ['x'.repeat(201), 'STEP_UP_INVALID']]) {
      expect(await decide(afterSale.id, true, { stepUpToken })).toMatchObject({ afterSale: null, userErrors: [{ code, field: ['stepUpToken'] }] });
    }
    expect((await refundOf(id)).refunds).toEqual([]);
    const input = { stepUpToken: 'good-once', idempotencyKey: 'once' };
    expect((await decide(afterSale.id, true, input)).userErrors).toEqual([]);
    expect((await decide(afterSale.id, true, input)).userErrors).toEqual([]);
    expect((await decide(afterSale.id, true, { stepUpToken: 'good-once' })).userErrors).toMatchObject([{ code: 'AFTER_SALE_STATE' }]);
    const { refunds: [refund] } = await refundOf(id);
    expect((await run('recordRefund', 'RefundDeedInput', { refundId: refund.id, stepUpToken: 'good-once' }, staff, 'order { id }')).userErrors).toMatchObject([{ code: 'STEP_UP_USED' }]);
    expect((await recordRefund(refund.id)).userErrors).toEqual([]);
    expect(stepUps.asked.slice(before).map(({ use: _use, ...asked }) => asked)).toEqual([
      { staffId: 'stf_anna', action: 'REFUND', subject: afterSale.id, amount: { minor: 3000, currency: 'CNY' } },
      { staffId: 'stf_anna', action: 'REFUND', subject: afterSale.id, amount: { minor: 3000, currency: 'CNY' } },
      { staffId: 'stf_anna', action: 'RECORD_REFUND', subject: refund.id, amount: { minor: 3000, currency: 'CNY' } },
      { staffId: 'stf_anna', action: 'RECORD_REFUND', subject: refund.id, amount: { minor: 3000, currency: 'CNY' } },
    ]);
  });

  it('cannot be given by a program, and is not needed for a no', async () => {
    const { id, mug } = await shippedOrder();
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 1 }], { kind: 'REFUND_ONLY' });
    const partner = staffOf(TEST_TENANT, { kind: 'partner', subjectId: 'key_1' });
    expect((await run('decideAfterSale', 'DecideAfterSaleInput', { afterSaleId: afterSale.id, approve: true }, partner)).userErrors).toMatchObject([{ code: 'STEP_UP_REQUIRED' }]);
    expect((await decide(afterSale.id, false, { answer: 'no', stepUpToken: null })).afterSale.state).toBe('REJECTED');
  });
});

describe('an exchange', () => {
  it('sends the same goods by an order that costs nothing, which can be exchanged in its turn', async () => {
    const { id, mug } = await shippedOrder();
    const { afterSale } = await request(id, [{ lineId: mug, quantity: 1 }], { kind: 'EXCHANGE' });
    await decide(afterSale.id, true);
    await receive(afterSale.id);
    inStock = false;
    expect((await settle(afterSale.id, [{ lineId: mug, restock: 0, scrap: 1 }])).userErrors).toMatchObject([{ code: 'STOCK_SHORT' }]);
    inStock = true;
    const input = { afterSaleId: afterSale.id, idempotencyKey: 'exchange', lines: [{ lineId: mug, restock: 0, scrap: 1 }] };
    const settled = await run('settleAfterSale', 'SettleAfterSaleInput', input);
    expect(settled).toMatchObject({ afterSale: { state: 'DONE', replacement: { status: 'TO_SHIP', amounts: { total: { amount: '0.00' } }, lines: [{ quantity: 1 }] } }, order: { afterSale: 'NONE', refunded: false } });
    expect((await run('settleAfterSale', 'SettleAfterSaleInput', input)).afterSale.replacement.id).toBe(settled.afterSale.replacement.id);
    expect(await recorded('orders.goods-returned.v1', afterSale.id)).toMatchObject([{ lines: [{ fate: 'SCRAP' }] }]);
    expect(await recorded('orders.order-confirmed.v1', settled.afterSale.replacement.id)).toMatchObject([{ amounts: { totalMinor: 0 } }]);
    // What came instead is sent, comes back, and is exchanged once more: no money moves in any of it.
    const second = settled.afterSale.replacement.id as string;
    expect((await run('shipOrder', 'ShipOrderInput', { orderId: second, carrier: 'SF', trackingNumber: 'SF7000001' }, staff, 'order { status }')).order).toEqual({ status: 'SHIPPED' });
    const [{ id: line }] = await subgraph.rows<{ id: string }>(TEST_TENANT, 'select id from order_line where order_id = ?', [second]) as [{ id: string }];
    expect((await request(second, [{ lineId: line, quantity: 2 }], { kind: 'EXCHANGE' })).userErrors).toMatchObject([{ code: 'MORE_THAN_BOUGHT' }]);
    expect((await request(second, [{ lineId: line, quantity: 1 }], { refund: { amount: '0.01', currency: 'CNY' } })).userErrors).toMatchObject([{ code: 'NOTHING_TO_REFUND' }]);
    const next = (await request(second, [{ lineId: line, quantity: 1 }], { kind: 'EXCHANGE' })).afterSale;
    await decide(next.id, true);
    await receive(next.id);
    const third = (await settle(next.id, [{ lineId: line, restock: 1, scrap: 0 }])).afterSale.replacement;
    expect(third).toMatchObject({ status: 'TO_SHIP', amounts: { total: { amount: '0.00' } }, lines: [{ quantity: 1 }] });
    expect([second, id]).not.toContain(third.id);
    for (const order of [id, second, third.id]) expect((await refundOf(order)).refunds).toEqual([]);
  });
});

describe('the work list of after-sales', () => {
  it('shows an operator those of the channels granted, with one statement for each level', async () => {
    const LIST = '{ afterSales(first: 50, filter: { states: [REQUESTED, APPROVED, DONE] }) { totalCount nodes { id state order { orderNumber } lines { quantity line { title } } availableActions { action enabled } } } }';
    let seen: Json;
    const statements = await subgraph.sql.during(async () => { seen = await subgraph.ask(LIST); });
    expect(seen.errors).toEqual([]);
    expect(seen.data.afterSales.nodes.length).toBeGreaterThan(2);
    // The page and its count, the orders, the claimed lines, the orders' lines.
    expect(statements).toHaveLength(5);
    expect((await subgraph.ask(LIST, {}, staffOf(TEST_TENANT, { channels: [newId('con')] }))).data?.afterSales.totalCount).toBe(0);
    expect((await subgraph.ask('{ afterSales(filter: { overdue: true }) { totalCount } }')).data?.afterSales.totalCount).toBe(0);
  });
});
