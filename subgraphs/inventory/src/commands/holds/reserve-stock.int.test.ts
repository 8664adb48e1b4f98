import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderCancelled, orderPlaced } from '@quanyu/events';
import { newId } from '@quanyu/ids';
import { openTestSubgraph, type Json, TEST_TENANT, type TestSubgraph } from '@quanyu/testing';
import { inventory } from '../../subgraph.js';

const OTHER_TENANT = 'ten_00000000000000000000000002';
let subgraph: TestSubgraph;
beforeAll(async () => { subgraph = await openTestSubgraph(inventory); });
afterAll(() => subgraph.close());

const SET = 'mutation($input: SetStockOnHandInput!) { setStockOnHand(input: $input) { stockLevel { id onHand reserved available version } userErrors { code } } }';
const stock = async (skuId: string, onHand: number, over: object = {}): Promise<Json> =>
  (await subgraph.ask(SET, { input: { skuId, onHand, idempotencyKey: newId('req'), ...over } })).data?.setStockOnHand;

const placed = (orderId: string, lines: readonly { skuId: string; quantity: number }[], tenantId = TEST_TENANT) =>
  orderPlaced({ tenantId, sequence: 1, data: { orderId, connectionId: 'con_x', customer: null, lines: lines.map((line) => ({ lineId: newId('lin'), ...line })) } });
const cancelled = (orderId: string) =>
  orderCancelled({ tenantId: TEST_TENANT, sequence: 2, data: { orderId, connectionId: 'con_x', reason: 'CANCELLED_BY_CHANNEL', wasConfirmed: false } });
const levelOf = async (skuId: string, tenantId = TEST_TENANT) =>
  (await subgraph.rows<{ on_hand: number; reserved: number }>(tenantId, 'select on_hand, reserved from stock_level where sku_id = ?', [skuId]))[0];
const outcomes = async (orderId: string) => (await subgraph.recorded()).filter((event) => event.subject === orderId).map((event) => event.type);

describe('reserving for an order', () => {
  it('holds all lines, tells it and shows it', async () => {
    const [a, b] = [newId('sku'), newId('sku')];
    await stock(a, 5);
    await stock(b, 1);
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, [{ skuId: a, quantity: 2 }, { skuId: b, quantity: 1 }]));
    expect(await levelOf(a)).toEqual({ on_hand: 5, reserved: 2 });
    expect(await levelOf(b)).toEqual({ on_hand: 1, reserved: 1 });
    expect(await outcomes(orderId)).toEqual(['inventory.stock-reserved.v1']);
  });

  it('holds nothing when one line is short, and says which', async () => {
    const [a, b] = [newId('sku'), newId('sku')];
    await stock(a, 5);
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, [{ skuId: a, quantity: 2 }, { skuId: b, quantity: 1 }]));
    expect(await levelOf(a)).toEqual({ on_hand: 5, reserved: 0 });
    const [short] = (await subgraph.recorded('inventory.stock-short.v1')).filter((event) => event.subject === orderId);
    expect(short?.data).toEqual({ orderId, lines: [{ skuId: b, asked: 1, available: 0 }] });
  });

  it('lets exactly one of many orders have the last unit', async () => {
    const sku = newId('sku');
    await stock(sku, 1);
    const orders = Array.from({ length: 20 }, () => newId('ord'));
    await Promise.all(orders.map((orderId) => subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 1 }]))));
    expect(await levelOf(sku)).toEqual({ on_hand: 1, reserved: 1 });
    const told = await Promise.all(orders.map(outcomes));
    expect(told.filter(([type]) => type === 'inventory.stock-reserved.v1')).toHaveLength(1);
    expect(told.filter(([type]) => type === 'inventory.stock-short.v1')).toHaveLength(19);
  });

  it('changes nothing when the event comes again, or another one for the same order', async () => {
    const sku = newId('sku');
    await stock(sku, 9);
    const orderId = newId('ord');
    const event = await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 2 }]));
    await Promise.all([subgraph.redeliver(event), subgraph.redeliver(event, event), subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 2 }]))]);
    expect(await levelOf(sku)).toEqual({ on_hand: 9, reserved: 2 });
    expect(await outcomes(orderId)).toEqual(['inventory.stock-reserved.v1']);
  });

  it('judges an order anew that was short before', async () => {
    const sku = newId('sku');
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 1 }]));
    await stock(sku, 1);
    await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 1 }]));
    expect(await outcomes(orderId)).toEqual(['inventory.stock-short.v1', 'inventory.stock-reserved.v1']);
  });
});

describe('releasing', () => {
  it('gives the units back once', async () => {
    const sku = newId('sku');
    await stock(sku, 4);
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 3 }]));
    const event = await subgraph.deliver(cancelled(orderId));
    await subgraph.redeliver(event);
    await subgraph.deliver(cancelled(orderId));
    expect(await levelOf(sku)).toEqual({ on_hand: 4, reserved: 0 });
  });

  it('holds nothing for an order whose cancellation came first', async () => {
    const sku = newId('sku');
    await stock(sku, 4);
    const orderId = newId('ord');
    await subgraph.deliver(cancelled(orderId));
    await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 3 }]));
    expect(await levelOf(sku)).toEqual({ on_hand: 4, reserved: 0 });
  });
});

describe('the database', () => {
  it('refuses to promise more than there is, whatever the code says', async () => {
    const sku = newId('sku');
    await stock(sku, 2);
    const oversell = subgraph.deps.database.write(TEST_TENANT, 'test', (em) => em.execute('update stock_level set reserved = 3 where sku_id = ?', [sku]));
    await expect(oversell).rejects.toThrow(/never_oversold/);
  });

  it('keeps tenants apart: no order of one takes stock of another', async () => {
    const sku = newId('sku');
    await stock(sku, 5);
    const orderId = newId('ord');
    await subgraph.deliver(placed(orderId, [{ skuId: sku, quantity: 1 }], OTHER_TENANT));
    expect(await levelOf(sku)).toEqual({ on_hand: 5, reserved: 0 });
    expect(await levelOf(sku, OTHER_TENANT)).toBeUndefined();
    expect(await outcomes(orderId)).toEqual(['inventory.stock-short.v1']);
  });
});
