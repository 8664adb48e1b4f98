import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Credentials, Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { memberToken } from '../harness/member-token.js';
import { freshProduct, remove, type Product } from '../harness/product.js';

let product: Product;
let channelId: string;
let skuId: string;
let anna: Credentials;
let bert: Credentials;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const opened = await product.get('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } } }', { input: { kind: 'WECHAT_MINI_PROGRAM', name: 'Mini-program', currency: 'CNY', idempotencyKey: 'mini' } });
  channelId = opened.openOwnChannel.channel.id;
  skuId = (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id } }')).skus[0].id;
  anna = { token: await memberToken(product, 'anna') };
  bert = { token: await memberToken(product, 'bert') };
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

/** Asks as a shopper may: three times a second, so it waits where it is told to. */
async function ask(query: string, variables: Json = {}, who?: Credentials): Promise<{ data: Json; errors?: Json[] }> {
  for (;;) {
    const answer = await product.ask(query, variables, who);
    if (answer.errors?.[0]?.extensions.code !== 'RATE_LIMITED') return answer;
    await sleep(300);
  }
}
async function get(query: string, variables: Json = {}, who?: Credentials): Promise<Json> {
  const { data, errors } = await ask(query, variables, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
const deed = async (who: Credentials | undefined, name: string, type: string, input: object, fields: string): Promise<Json> =>
  (await get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code } } }`, { input: { idempotencyKey: randomUUID(), ...input } }, who))[name];
const shipTo = { name: '王小明', phone: '13712340007', address1: '样本街 3 号', city: '上海', province: '上海', countryCode: 'CN' };
const mine = (who: Credentials, id: string): Promise<Json> => get('query($id: ID!) { myOrder(id: $id) { id status shipTo { name phone } timeline { deed actorKind actorId detail } exceptions { id } afterSales { state } lines { id } } myOrders { nodes { id } } myAfterSales { nodes { state } } }', { id }, who);

describe('a member of ours', () => {
  it('signs in, keeps an address, is quoted, buys, pays, sees what is theirs, and asks for an after-sale', async () => {
    expect((await get('{ viewer { kind scopes } }', {}, anna)).viewer).toEqual({ kind: 'MEMBER', scopes: ['orders:buy'] });
    const { saveAddress: book } = { saveAddress: await deed(anna, 'saveAddress', 'SaveAddressInput', { ...shipTo, label: 'home' }, 'addresses { id isDefault name phone addressLine }') };
    expect(book).toMatchObject({ userErrors: [], addresses: [{ isDefault: true, name: '王**', phone: '137****0007' }] });
    const [{ id: addressId }] = book.addresses;
    const quoted = await get('query($input: QuoteOrderInput!) { quoteOrder(input: $input) { quote { total { amount currency } } } }', { input: { channelId, lines: [{ skuId, quantity: 1 }] } }, anna);
    const placed = await deed(anna, 'placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity: 1 }], addressId, expectedTotal: quoted.quoteOrder.quote.total }, 'order { id status shipTo { name } amounts { total { amount currency } } }');
    expect(placed).toMatchObject({ userErrors: [], order: { status: 'PENDING_PAYMENT', shipTo: { name: '王**' } } });
    const { id, amounts: { total } } = placed.order;
    // No platform is connected in the demo: what a member is told says so, and their money is taken by hand.
    expect((await deed(anna, 'startPayment', 'StartPaymentInput', { orderId: id, provider: 'WECHAT_PAY', idempotencyKey: undefined }, 'payment { id }')).userErrors).toEqual([{ code: 'PROVIDER_REFUSED' }]);
    await deed(undefined, 'recordPayment', 'RecordPaymentInput', { orderId: id, amount: total, reference: 'till' }, 'order { status }');
    await deed(undefined, 'shipOrder', 'ShipOrderInput', { orderId: id, carrier: 'SF', trackingNumber: 'SF777001' }, 'order { status }');
    const { myOrder } = await mine(anna, id);
    expect(myOrder).toMatchObject({ id, status: 'SHIPPED', exceptions: [] });
    // What was done, not by whom of the staff.
    expect(myOrder.timeline.filter(({ actorKind }: Json) => actorKind === 'STAFF')).toEqual(expect.arrayContaining([expect.objectContaining({ actorId: '', detail: '{}' })]));
    expect((await deed(anna, 'requestAfterSale', 'RequestAfterSaleInput', { orderId: id, kind: 'RETURN_AND_REFUND', reason: 'broken', lines: [{ lineId: myOrder.lines[0].id, quantity: 1 }] }, 'afterSale { state }')).afterSale).toEqual({ state: 'REQUESTED' });
    expect((await mine(anna, id)).myAfterSales.nodes).toEqual([{ state: 'REQUESTED' }]);

    // Somebody else sees and does nothing of it, and staff's questions are not theirs to ask.
    expect(await mine(bert, id)).toEqual({ myOrder: null, myOrders: { nodes: [] }, myAfterSales: { nodes: [] } });
    expect((await deed(bert, 'cancelOrder', 'CancelOrderInput', { orderId: id }, 'order { id }')).userErrors).toEqual([{ code: 'ORDER_NOT_FOUND' }]);
    expect((await deed(bert, 'placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity: 1 }], addressId }, 'order { id }')).userErrors).toEqual([{ code: 'ADDRESS_INVALID' }]);
    expect((await ask('{ orders { nodes { id } } }', {}, bert)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await ask('{ myOrders { nodes { id journalEntries { id } } } }', {}, anna)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }, 60_000);

  it('gets what they bought as a guest once their phone number is verified, with its points', async () => {
    const guest = { ...shipTo, phone: '13700001234', name: '李客' };
    const placed = await deed(undefined, 'placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity: 2 }], shipTo: guest }, 'order { id amounts { total { amount currency } } }');
    const { id, amounts: { total } } = placed.order;
    await deed(undefined, 'recordPayment', 'RecordPaymentInput', { orderId: id, amount: total, reference: 'till' }, 'order { status }');
    await eventually(async () => { expect((await get('query($id: ID!) { order(id: $id) { status pointsEarned member { id } } }', { id })).order).toEqual({ status: 'TO_SHIP', pointsEarned: null, member: null }); });
    // A number that nobody has verified, and that of somebody else, bring nothing.
    for (const phone of [undefined, '+8613700009999']) await get('{ viewer { id } }', {}, { token: await memberToken(product, `clara-${phone ?? ''}`, phone) });
    const dora = { token: await memberToken(product, 'dora', '+8613700001234') };
    await get('{ viewer { id } }', {}, dora);
    await eventually(async () => { expect((await get('{ myOrders { nodes { id status } } }', {}, dora)).myOrders.nodes).toEqual([{ id, status: 'TO_SHIP' }]); });
    await eventually(async () => {
      const { order } = await get('query($id: ID!) { order(id: $id) { pointsEarned member { maskedName } timeline { deed } journalEntries { kind } } }', { id });
      expect(order.pointsEarned).toBe(Math.floor(Number(total.amount)));
      expect(order.timeline.map(({ deed: done }: Json) => done)).toContain('BOUND');
      expect(order.journalEntries.map(({ kind }: Json) => kind)).toContain('POINTS_EARNED');
    });
    // The same number signed in elsewhere is the same member.
    const again = { token: await memberToken(product, 'dora-on-h5', '+8613700001234') };
    expect((await get('{ viewer { id } }', {}, again)).viewer).toEqual((await get('{ viewer { id } }', {}, dora)).viewer);
  }, 60_000);
});
