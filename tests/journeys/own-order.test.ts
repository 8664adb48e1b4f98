import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { Authenticator } from '../harness/second-factor.js';

let product: Product;
let channelId: string;
let skuId: string;
let authenticator: Authenticator;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const opened = await product.get('mutation($input: OpenOwnChannelInput!) { openOwnChannel(input: $input) { channel { id } userErrors { code } } }',
    { input: { kind: 'H5', name: 'H5 shop', currency: 'CNY', shipping: { amount: '10', currency: 'CNY' }, idempotencyKey: 'h5' } });
  channelId = opened.openOwnChannel.channel.id;
  authenticator = await Authenticator.enrol(product);
  skuId = (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { id } }')).skus[0].id;
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const shipTo = { name: '王五', phone: '13700000003', address1: '样本街 3 号', city: '上海', province: '上海', countryCode: 'CN' };
const stock = async (): Promise<Json> => (await product.get('{ skus(codes: ["QY-MUG-WHT"]) { stock { onHand reserved available } } }')).skus[0].stock;
const deed = async (name: string, type: string, input: object, fields = 'order { id status }'): Promise<Json> =>
  (await product.get(`mutation($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code } } }`, { input: { idempotencyKey: randomUUID(), ...input } }))[name];
const place = (quantity: number, over: object = {}): Promise<Json> => deed('placeOrder', 'PlaceOrderInput', { channelId, lines: [{ skuId, quantity }], shipTo, ...over }, 'order { id status payBy amounts { total { amount currency } } lines { id unitPrice { amount } } ownChannel { kind } channel { name } } shortages { asked available }');
const look = async (id: string): Promise<Json> => (await product.get(
  'query($id: ID!) { order(id: $id) { status afterSale refunds { id state amount { amount } } afterSales { state } journalEntries { kind postings { account { code } debit { amount } credit { amount } } } parcels { trackingNumber } timeline { deed } } }', { id })).order;
const kinds = ({ journalEntries }: Json): string[] => journalEntries.map(({ kind }: Json) => kind).sort();

const FIGURES = 'subscription($ids: [ID!]) { orderFiguresChanged(channelIds: $ids) { channelId day orders gmv { amount } shipped refunded { amount } } }';

describe('an order placed with us', () => {
  it('is held, paid, booked, shipped, taken back and refunded, and stock and books follow', async () => {
    const before = await stock();
    const placed = await place(2);
    expect(placed).toMatchObject({ userErrors: [], shortages: [], order: { status: 'PENDING_PAYMENT', channel: null, ownChannel: { kind: 'H5' } } });
    const { id, lines: [line], amounts: { total } } = placed.order;
    const [live, elsewhere] = [await product.live(), 'con_00000000000000000000000000'];
    for (const [name, ids] of [['figures', [channelId]], ['of others', [elsewhere]]] as const) await live.follow(name, FIGURES, { ids });
    expect(await stock()).toMatchObject({ onHand: before.onHand, reserved: before.reserved + 2 });
    expect(Number(total.amount)).toBe(2 * Number(line.unitPrice.amount) + 10);
    expect((await deed('recordPayment', 'RecordPaymentInput', { orderId: id, amount: total, reference: 'till' })).order.status).toBe('TO_SHIP');
    await eventually(async () => { expect(kinds(await look(id))).toEqual(['ORDER_CONFIRMED']); });

    expect((await deed('shipOrder', 'ShipOrderInput', { orderId: id, carrier: 'SF', trackingNumber: 'SF100200' })).order.status).toBe('SHIPPED');
    await eventually(async () => { expect(await stock()).toMatchObject({ onHand: before.onHand - 2, reserved: before.reserved }); });

    const asked = await deed('requestAfterSale', 'RequestAfterSaleInput', { orderId: id, kind: 'RETURN_AND_REFUND', reason: 'too many', lines: [{ lineId: line.id, quantity: 1 }] }, 'afterSale { id refundAmount { amount } }');
    const afterSaleId = asked.afterSale.id;
    await deed('decideAfterSale', 'DecideAfterSaleInput', { afterSaleId, approve: true }, 'afterSale { state }');
    await deed('receiveReturn', 'AfterSaleDeedInput', { afterSaleId }, 'afterSale { state }');
    const back = { ...asked.afterSale.refundAmount, currency: 'CNY' };
    const settle = (stepUpToken: string | null): Promise<Json> => deed('settleAfterSale', 'SettleAfterSaleInput', { afterSaleId, stepUpToken, lines: [{ lineId: line.id, restock: 1, scrap: 0 }] }, 'order { afterSale }');
    expect((await settle(null)).userErrors).toEqual([{ code: 'STEP_UP_REQUIRED' }]);
    // Of another deed, another thing, another sum: none of them moves money.
    for (const [action, subject, amount] of [['RECORD_REFUND', afterSaleId, back], ['REFUND', id, back], ['REFUND', afterSaleId, { ...back, amount: '0.01' }]] as const) {
      expect((await settle(await authenticator.tokenFor(action, subject, amount))).userErrors).toEqual([{ code: 'STEP_UP_INVALID' }]);
    }
    const late = await authenticator.tokenFor('REFUND', afterSaleId, back);
    await product.sql("update access.step_up set expires_at = now() - interval '1 second' where used_at is null");
    expect((await settle(late)).userErrors).toEqual([{ code: 'STEP_UP_EXPIRED' }]);
    const token = await authenticator.tokenFor('REFUND', afterSaleId, back);
    expect((await settle(token)).order).toEqual({ afterSale: 'REFUNDING' });
    await eventually(async () => { expect(await stock()).toMatchObject({ onHand: before.onHand - 1, reserved: before.reserved }); });
    const { refunds: [refund] } = await look(id);
    expect((await deed('recordRefund', 'RefundDeedInput', { refundId: refund.id, stepUpToken: token })).userErrors).toEqual([{ code: 'STEP_UP_INVALID' }]);
    const stepUpToken = await authenticator.tokenFor('RECORD_REFUND', refund.id, back);
    await deed('recordRefund', 'RefundDeedInput', { refundId: refund.id, stepUpToken });
    await eventually(async () => { expect(kinds(await look(id))).toEqual(['ORDER_CONFIRMED', 'REFUND_PAID']); });
    const done = await look(id);
    expect(done).toMatchObject({ status: 'SHIPPED', afterSale: 'NONE', refunds: [{ state: 'DONE', amount: asked.afterSale.refundAmount }], parcels: [{ trackingNumber: 'SF100200' }] });
    const entry = done.journalEntries.find(({ kind }: Json) => kind === 'REFUND_PAID');
    expect(entry.postings.map(({ account, debit, credit }: Json) => [account.code, debit?.amount ?? null, credit?.amount ?? null])).toEqual([['sales-refund', refund.amount.amount, null], ['channel-receivable', null, refund.amount.amount]]);

    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
    await eventually(async () => {
      const { orderFigures } = await product.get('query($day: String!, $ids: [ID!]) { orderFigures(from: $day, to: $day, channelIds: $ids) { rows { orders gmv { amount } shipped returnRate onTimeRate refunded { amount } } } }', { day, ids: [channelId] });
      expect(orderFigures.rows).toEqual([{ orders: 1, gmv: { amount: total.amount }, shipped: 1, returnRate: 1, onTimeRate: 1, refunded: refund.amount }]);
    });
    await eventually(() => expect(live.seen['figures']!.at(-1)).toEqual({ channelId, day, orders: 1, gmv: { amount: total.amount }, shipped: 1, refunded: refund.amount }));
    expect([live.seen['of others'], live.errors]).toEqual([[], []]);
    live.close();
  }, 60_000);

  it('gives its stock free when it is given up, and says what is short when there is not enough', async () => {
    const before = await stock();
    const { order } = await place(1);
    expect((await deed('cancelOrder', 'CancelOrderInput', { orderId: order.id })).order.status).toBe('CANCELLED');
    await eventually(async () => { expect(await stock()).toEqual(before); });
    const short = await place(1_000_000);
    expect(short).toMatchObject({ order: null, userErrors: [{ code: 'STOCK_SHORT' }], shortages: [{ asked: 1_000_000, available: before.available }] });
  }, 60_000);

  it('sells the last unit once, to whichever of 32 buyers came first', async () => {
    const last = (await product.get('{ skus(codes: ["QY-LAST-ONE"]) { id stock { available } } }')).skus[0];
    const answers = await Promise.all(Array.from({ length: 32 }, () => place(1, { lines: [{ skuId: last.id, quantity: 1 }] })));
    expect(answers.filter(({ order }) => order !== null)).toHaveLength(last.stock.available);
    expect(new Set(answers.filter(({ order }) => order === null).map(({ userErrors }) => userErrors[0].code))).toEqual(new Set(['STOCK_SHORT']));
  }, 60_000);
});
