import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { memberToken } from '../harness/member-token.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { paidOrder } from './channel-order-to-ledger/story.js';

let product: Product;
let channelId: string;
let skus: Record<string, string>;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const opened = await product.get('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind: 'BY_HAND', name: 'By hand', currency: 'CNY', idempotencyKey: 'desk' } });
  channelId = opened.openOwnChannel.channel.id;
  skus = Object.fromEntries((await product.get('{ skus(codes: ["QY-MUG-WHT", "QY-TEA-250"]) { id code } }')).skus.map(({ id, code }: Json) => [code, id]));
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const deed = async (name: string, type: string, input: object, fields = 'order { id status version }'): Promise<Json> =>
  (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code } } }`, { input: { idempotencyKey: randomUUID(), ...input } }))[name];
const shipTo = { name: '王五', phone: '13700000003', address1: '样本街 3 号', city: '上海', province: '上海', countryCode: 'CN' };
const reservedOf = async (code: string): Promise<number> => (await product.get('query($codes: [String!]!) { skus(codes: $codes) { stock { reserved } } }', { codes: [code] })).skus[0].stock.reserved;

describe('an order of a channel that sells below the floor', () => {
  it('alerts and waits with what its buyer wrote, and goes once somebody has accepted it', async () => {
    const shop = new URL(product.demo.webhookUrl).pathname.split('/').at(-1)!;
    // No key: the same floor again changes nothing.
    const floor = (amount?: string): Promise<Json> => product.get('mutation($input: SetFloorPriceInput!) { setFloorPrice(input: $input) { sku { floorPrices { channelId money { amount } } } userErrors { code } } }', { input: { skuId: skus['QY-MUG-WHT'], channelId: shop, currency: 'CNY', ...(amount && { amount }) } });
    expect((await floor('9999')).setFloorPrice).toEqual({ sku: { floorPrices: [{ channelId: shop, money: { amount: '9999.00' } }] }, userErrors: [] });
    await eventually(async () => { expect(await product.sql("select amount_minor::int as amount from orders.floor_price")).toEqual([{ amount: 999_900 }]); });
    const { body } = paidOrder();
    const before = await reservedOf('QY-MUG-WHT');
    await product.webhook({ ...body, note: '请周末送达，电话 13812341234', note_attributes: [{ name: 'Gift note', value: '生日快乐' }] });
    const find = async (): Promise<Json> => (await product.get('query($number: String!) { orders(filter: { orderNumber: $number }) { nodes { id status notes { buyer gift } shippingMethod exceptions { id code state } availableActions { action enabled reason } } } }', { number: body.name })).orders.nodes[0];
    await eventually(async () => { expect(await find()).toMatchObject({ status: 'TO_SHIP', exceptions: [{ code: 'PRICE_BELOW_FLOOR', state: 'OPEN' }] }); });
    const order = await find();
    expect(order.notes).toEqual({ buyer: '请周末送达，电话 ***', gift: '生日快乐' });
    const alerts = async (state: string): Promise<Json[]> => (await product.get('query($state: AlertState) { alerts(filter: { state: $state }, first: 50) { nodes { code subjectId } } }', { state })).alerts.nodes;
    await eventually(async () => { expect(await alerts('OPEN')).toContainEqual({ code: 'PRICE_BELOW_FLOOR', subjectId: order.id }); });
    expect((await deed('shipOrder', 'ShipOrderInput', { orderId: order.id, carrier: 'SF', trackingNumber: 'SF880001' })).userErrors).toEqual([{ code: 'EXCEPTION_OPEN' }]);
    expect((await deed('acceptException', 'AcceptExceptionInput', { exceptionId: order.exceptions[0].id, reason: 'Clearance' })).userErrors).toEqual([]);
    expect((await deed('shipOrder', 'ShipOrderInput', { orderId: order.id, carrier: 'SF', trackingNumber: 'SF880001' })).order.status).toBe('SHIPPED');
    await eventually(async () => { expect(await alerts('OPEN')).not.toContainEqual({ code: 'PRICE_BELOW_FLOOR', subjectId: order.id }); });
    // What was shipped has left the stock: the tests that follow count from here.
    await eventually(async () => { expect(await reservedOf('QY-MUG-WHT')).toBe(before); });
    await floor();
  }, 60_000);
});

describe('an order of our own that is not paid yet', () => {
  it('is edited, holds what it wants now, is paid by its new sum and ships all of it', async () => {
    const before = { mug: await reservedOf('QY-MUG-WHT'), tea: await reservedOf('QY-TEA-250') };
    const placed = await deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId: skus['QY-MUG-WHT'], quantity: 3 }], shipTo }, 'order { id version lines { id } }');
    const { id, version, lines: [line] } = (await product.get('query($id: ID!) { order(id: $id) { id version lines { id } } }', { id: placed.order.id })).order;
    const edited = await deed('editOrder', 'EditOrderInput', { orderId: id, expectedVersion: version, reason: 'the buyer called', lines: [{ lineId: line.id, quantity: 1 }], add: [{ skuId: skus['QY-TEA-250'], quantity: 2 }] }, 'order { status amounts { total { amount currency } } }');
    expect(edited).toMatchObject({ userErrors: [], order: { status: 'PENDING_PAYMENT' } });
    await eventually(async () => { expect({ mug: await reservedOf('QY-MUG-WHT'), tea: await reservedOf('QY-TEA-250') }).toEqual({ mug: before.mug + 1, tea: before.tea + 2 }); });
    expect((await deed('recordPayment', 'RecordPaymentInput', { orderId: id, amount: edited.order.amounts.total, reference: 'till' })).order.status).toBe('TO_SHIP');
    // The hold that it was placed with and the edit's are both paid by now: nothing of them ends by itself.
    await eventually(async () => { expect(await product.sql("select state, expires_at is null as endless from inventory.reservation where key = $1", [id])).toEqual([{ state: 'CONFIRMED', endless: true }]); });
    expect((await deed('shipOrder', 'ShipOrderInput', { orderId: id, carrier: 'SF', trackingNumber: 'SF880002' })).order.status).toBe('SHIPPED');
    await eventually(async () => { expect({ mug: await reservedOf('QY-MUG-WHT'), tea: await reservedOf('QY-TEA-250') }).toEqual(before); });
  }, 60_000);

  it('gives all of it free when it is given up after an edit', async () => {
    const before = await reservedOf('QY-TEA-250');
    const { order: { id } } = await deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId: skus['QY-TEA-250'], quantity: 1 }], shipTo });
    const { version, lines: [line] } = (await product.get('query($id: ID!) { order(id: $id) { version lines { id } } }', { id })).order;
    expect((await deed('editOrder', 'EditOrderInput', { orderId: id, expectedVersion: version, reason: 'more', lines: [{ lineId: line.id, quantity: 4 }] }, 'order { id }')).userErrors).toEqual([]);
    expect(await reservedOf('QY-TEA-250')).toBe(before + 4);
    await deed('cancelOrder', 'CancelOrderInput', { orderId: id });
    await eventually(async () => { expect(await reservedOf('QY-TEA-250')).toBe(before); });
  }, 60_000);
});

describe('an order of a member with a year card', () => {
  it('stands before those that came earlier, with the time until which it is to be sent', async () => {
    const token = await memberToken(product, 'carded');
    const { viewer } = await product.get('{ viewer { id } }', {}, { token });
    expect((await deed('grantMembership', 'GrantMembershipInput', { memberId: viewer.id, level: 'YEAR' }, 'member { memberships { level active } }')).member.memberships).toEqual([{ level: 'YEAR', active: true }]);
    await eventually(async () => { expect(await product.sql('select 1 as one from orders.year_card where member_id = $1', [viewer.id])).toHaveLength(1); });
    const paid = async (over: object): Promise<string> => {
      const { order } = await deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId: skus['QY-MUG-WHT'], quantity: 1 }], shipTo, ...over }, 'order { id amounts { total { amount currency } } }');
      await deed('recordPayment', 'RecordPaymentInput', { orderId: order.id, amount: order.amounts.total, reference: 'till' });
      return order.id;
    };
    const [first, carded] = [await paid({}), await paid({ memberId: viewer.id })];
    const { shippingQueue } = await product.get('query($ids: [ID!]) { shippingQueue(channelIds: $ids) { yearCard sendBy order { id confirmedAt } } }', { ids: [channelId] });
    expect(shippingQueue.map(({ order, yearCard }: Json) => [order.id, yearCard])).toEqual([[carded, true], [first, false]]);
    expect(Date.parse(shippingQueue[0].sendBy) - Date.parse(shippingQueue[0].order.confirmedAt)).toBe(24 * 3_600_000);
  }, 60_000);
});
