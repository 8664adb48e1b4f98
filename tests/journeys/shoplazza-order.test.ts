import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shoplazzaFixture, type PostedWebhook, type ShoplazzaOrderBody, type ShoplazzaOrderInput } from '@quanyu/channel-sandbox';
import type { Json } from '../harness/credentials.js';
import { eventually } from '../harness/eventually.js';
import { freshProduct, remove, type Product } from '../harness/product.js';
import { checkBooks, orderIn, readOrder, storyDone } from './channel-order-to-ledger/story.js';

const SECRET = 'FAKE_SECRET_of_a_shoplazza_app';
const SHOP = 'quanyu-journey.myshoplaza.com';
const CONNECT = 'mutation($input: ConnectChannelInput!) { connectChannel(input: $input) { channel { id webhookUrlPath } userErrors { code } } }';

let product: Product;
let channel: Json;
beforeAll(async () => {
  product = await (await freshProduct()).start();
  const input = { platform: 'SHOPLAZZA', name: 'Our Shoplazza shop', shopDomain: SHOP, webhookSecret: SECRET, idempotencyKey: randomUUID() };
  ({ channel } = (await product.get(CONNECT, { input })).connectChannel);
}, 180_000);
afterAll(async () => {
  await product.stop();
  await remove(product);
});

const post = async (body: object, over: Partial<PostedWebhook> = {}): Promise<number> =>
  (await product.webhook(body, { platform: 'shoplazza', url: `${product.url}${channel.webhookUrlPath}`, secret: SECRET, shopDomain: SHOP, ...over })).status;

let next = 0;
/** A fresh order of one tee and two mugs, freight 10; `named` is what the story asks for it by. */
function freshOrder(over: Partial<ShoplazzaOrderInput> = {}): { readonly body: ShoplazzaOrderBody; readonly named: Json; later(changes: Partial<ShoplazzaOrderInput>): ShoplazzaOrderBody } {
  const id = `188888888880${String((next += 1)).padStart(8, '0')}`;
  const customer = { id: `188888888881${id.slice(-8)}`, firstName: '测试', lastName: '买家', email: `buyer-${id}@example.com` };
  const made = (changes: Partial<ShoplazzaOrderInput> = {}): ShoplazzaOrderBody => shoplazzaFixture('orders-create-paid-cny', { id, customer, ...over, ...changes });
  const body = made();
  return { body, named: { name: body.order.number }, later: (changes) => made({ updatedAt: '2026-11-20T11:00:00+08:00', ...changes }) };
}

describe('a paid order of Shoplazza', () => {
  it('goes by itself from the webhook to the ledger', async () => {
    const { body, named } = freshOrder();
    expect(await post(body)).toBe(200);
    const order = await storyDone(product, named);
    expect(order).toMatchObject({
      externalOrderId: body.order.id, orderNumber: body.order.number, status: 'TO_SHIP', paymentState: 'PAID',
      amounts: { items: { amount: '247.00' }, discount: { amount: '8.00' }, shipping: { amount: '10.00' }, total: { amount: '249.00', currency: 'CNY' } },
      channel: { id: channel.id, name: 'Our Shoplazza shop', platform: 'SHOPLAZZA' }, exceptions: [],
      shipTo: { phone: '130****0003', city: '上海市' },
      pointsEarned: 249, member: { points: { balance: 249 } },
    });
    expect(order.lines.map((line: Json) => [line.quantity, line.sku.code])).toEqual([[1, 'QY-TEE-BLK-M'], [2, 'QY-MUG-WHT']]);
    for (const { postings } of order.journalEntries) {
      const sum = (side: string): number => postings.reduce((total: number, posting: Json) => total + Math.round(Number(posting[side]?.amount ?? 0) * 100), 0);
      expect(sum('debit')).toBe(sum('credit'));
    }
  });

  it('changes nothing when its webhook comes again, or under a wrong signature', async () => {
    const { body, named, later } = freshOrder();
    const webhookId = randomUUID();
    expect(await Promise.all([post(body, { webhookId }), post(body, { webhookId })])).toEqual([200, 200]);
    const done = await storyDone(product, named);
    expect([await post(body, { webhookId }), await post(body)]).toEqual([200, 200]);
    expect(await post(later({ financialStatus: 'refunded' }), { badSignature: true })).toBe(401);
    await eventually(async () => expect(await product.sql("select 1 from bridge.delivery where state in ('RECEIVED', 'VERIFIED', 'PROCESSING')")).toEqual([]));
    expect(await readOrder(product, named)).toEqual(done);
    await checkBooks(product);
  });
});

describe('an order of Shoplazza that is not paid', () => {
  it('waits, and goes on when orders/paid comes', async () => {
    const { body, named, later } = freshOrder({ financialStatus: 'waiting' });
    await post(body);
    expect(await orderIn(product, named, 'PENDING_PAYMENT')).toMatchObject({ journalEntries: [], paymentState: 'PENDING' });
    await post(later({ financialStatus: 'paid' }), { topic: 'orders/paid' });
    expect(await storyDone(product, named)).toMatchObject({ pointsEarned: 249 });
  });

  it('ends when orders/cancelled comes', async () => {
    const { body, named, later } = freshOrder({ financialStatus: 'waiting' });
    await post(body);
    await orderIn(product, named, 'PENDING_PAYMENT');
    await post(later({ financialStatus: 'cancelled', cancelled: { at: '2026-11-20T11:00:00+08:00', reason: 'customer' } }), { topic: 'orders/cancelled' });
    expect(await orderIn(product, named, 'CANCELLED')).toMatchObject({ cancelReason: 'CANCELLED_BY_CHANNEL', journalEntries: [] });
  });
});
