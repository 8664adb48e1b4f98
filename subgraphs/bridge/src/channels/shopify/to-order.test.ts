import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { orderReceived } from '@quanyu/events';
import { parseDecimal } from '@quanyu/money';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { parseJson } from '../reading/parse-json.js';
import { toOrder } from './to-order.js';

const here = new URL('./fixtures/', import.meta.url);
const bytesOf = (name: string): Buffer => readFileSync(new URL(name, here));
const bodyOf = (name: string): Record<string, unknown> => parseJson(bytesOf(name)) as Record<string, unknown>;

const context = (over: Partial<OrderContext> = {}): OrderContext => ({
  cancelled: false, triggeredAt: null,
  privacy: { seal: (plain, row, field) => `sealed ${field} of ${row}: ${plain}`, index: (kind, value) => `${kind} ${value}` },
  ...over,
});
const CAME_BY = { connectionId: 'con_a', platform: 'SHOPIFY', deliveryId: 'dlv_a' };
function orderOf(translated: Translated): ToldOrder {
  if (translated.kind !== 'order') throw new Error(`${translated.reason} at ${translated.path}`);
  expect(orderReceived.schema.parse({ ...CAME_BY, ...translated.data })).toEqual({ ...CAME_BY, ...translated.data });
  return translated.data;
}
const take = (body: unknown, over: Partial<OrderContext> = {}): ToldOrder => orderOf(toOrder(body, context(over)));
const change = (over: object, name = 'orders-create-paid-usd.json'): object => ({ ...bodyOf(name), ...over });

/** What the parts leave of the total: tips, duties and rounding. */
const rest = ({ amounts: a }: ToldOrder): number =>
  a.totalMinor - (a.itemsMinor - a.discountMinor + a.shippingMinor + (a.taxesIncluded ? 0 : a.taxMinor));

describe('a paid order', () => {
  const order = take(bodyOf('orders-create-paid-usd.json'));

  it('keeps ids that no float can hold, and the clock of the channel', () => {
    expect(order).toMatchObject({
      externalOrderId: '9007199254740993123', orderNumber: '#2001', paymentState: 'PAID', rawStatus: 'paid/unfulfilled', cancelledAt: null,
      placedAt: '2026-03-01T14:00:00.000Z', updatedAt: '2026-03-01T14:00:02.000Z',
    });
    expect(order.lines.map((line) => line.externalLineId)).toEqual(['9007199254740993201', '9007199254740993202', '9007199254740993203']);
  });

  it('has exact parts; what is left of the total is the tip', () => {
    expect(order.amounts).toEqual({ currency: 'USD', itemsMinor: 6000, discountMinor: 1000, shippingMinor: 500, taxMinor: 450, taxesIncluded: false, totalMinor: 6350 });
    expect(rest(order)).toBe(400);
  });

  it('names goods by SKU, else by variant, else by title', () => {
    expect(order.lines.map((line) => [line.externalSku, line.title, line.quantity, line.unitPriceMinor, line.discountMinor])).toEqual([
      ['QY-TEA-1', 'Green tea', 2, 2000, 333], ['variant:5002', 'Gift card', 1, 1500, 125], ['title:Wrapping', 'Wrapping', 1, 500, 42],
    ]);
  });

  it('tells of people only sealed and indexed', () => {
    expect(order.customer).toEqual({
      externalId: '8210000000000000123', phoneIndex: 'phone +12175550123', emailIndex: 'email buyer@example.com',
      sealed: 'sealed customer of 8210000000000000123: {"name":"Test Buyer","phone":"+12175550123","email":"buyer@example.com"}',
    });
    expect(order.sealedShipTo).toBe('sealed shipTo of 9007199254740993123: {"name":"Test Buyer","phone":"+12175550123","address1":"1 Example Road","address2":null,"city":"Springfield","province":"Illinois","postalCode":"00000","countryCode":"US"}');
  });
});

describe('what a buyer wrote', () => {
  it('is told sealed: their note, what is for a present, and what the shop asks for with its orders', () => {
    const order = take(change({
      note: 'Leave it at the door', note_attributes: [{ name: 'Gift message', value: 'Happy birthday' }, { name: 'custom engraving', value: 'Anna' }, { name: 'colour', value: 'green' }, { name: 'odd', value: { nested: 1 } }],
      shipping_lines: [{ title: 'Old', price: '9.00', is_removed: true }, { title: 'Express', price: '5.00' }],
    }));
    expect(order.sealedNotes).toBe(`sealed notes of ${order.externalOrderId}: {"buyer":"Leave it at the door","gift":"Happy birthday","instructions":"custom engraving: Anna\\ncolour: green","seller":null}`);
    expect(order.shippingMethod).toBe('Express');
    expect(take(change({ note: null, note_attributes: [], shipping_lines: [] }))).toMatchObject({ sealedNotes: null, shippingMethod: null });
  });
});

describe('other bodies', () => {
  it('reads JPY with taxes in the prices, without customer and address, and leaves out lines without units', () => {
    const order = take(bodyOf('orders-create-jpy-taxes-included.json'));
    expect(order).toMatchObject({ paymentState: 'AUTHORIZED', rawStatus: 'authorized/partial', customer: null, sealedShipTo: null });
    expect(order.amounts).toMatchObject({ currency: 'JPY', itemsMinor: 3300, taxMinor: 300, taxesIncluded: true, totalMinor: 3300 });
    expect(order.lines.map((line) => [line.externalSku, line.quantity])).toEqual([['QY-JP-1', 3]]);
    expect(rest(order)).toBe(0);
  });

  it('reads a body of 2008: no sets of amounts, one discount a line, a customer without id', () => {
    const order = take(bodyOf('orders-cancelled-2008.json'));
    expect(order).toMatchObject({ paymentState: 'VOIDED', rawStatus: 'voided/pending', cancelledAt: '2008-03-01T16:00:05.000Z', customer: null });
    expect(order.amounts).toMatchObject({ itemsMinor: 2500, discountMinor: 500, shippingMinor: 700, taxMinor: 0, totalMinor: 2700 });
    expect(order.lines).toEqual([{ externalLineId: '81', externalSku: 'title:Soda', title: 'Soda', quantity: 1, unitPriceMinor: 2500, discountMinor: 500, externalProductId: '1', externalVariantId: null }]);
    expect(rest(order)).toBe(0);
  });

  it('tells an edited order as it stands now', () => {
    const order = take(bodyOf('orders-updated-edited.json'));
    expect(order.lines.map((line) => [line.externalSku, line.quantity])).toEqual([['QY-TEA-1', 1]]);
    expect(order.amounts).toMatchObject({ itemsMinor: 2000, totalMinor: 2000 });
    expect(rest(order)).toBe(0);
  });

  it('tells a refunded or cancelled order as it was sold', () => {
    const sold = [['QY-TEA-1', 2], ['QY-CUP-1', 1]];
    const refund = { refunds: [{ transactions: [{ kind: 'refund' }], refund_line_items: [{ line_item_id: '61', quantity: 1 }, { line_item_id: '62', quantity: 1 }] }] };
    for (const over of [refund, { cancelled_at: '2026-03-01T11:00:00-05:00' }, { financial_status: 'voided' }, { financial_status: 'refunded' }]) {
      const order = take(change(over, 'orders-updated-edited.json'));
      expect(order.lines.map((line) => [line.externalSku, line.quantity])).toEqual(sold);
      expect(order.amounts).toMatchObject({ itemsMinor: 6000, totalMinor: 6000 });
    }
  });

  it('takes the envelope of the API, and JSON numbers for amounts', () => {
    expect(take({ order: bodyOf('orders-create-paid-usd.json') }).externalOrderId).toBe('9007199254740993123');
    expect(take(change({ total_price: 63.5 })).amounts.totalMinor).toBe(6350);
    const text = bytesOf('orders-create-paid-usd.json').toString().replace('"total_price": "63.50"', '"total_price": 63.50');
    expect(take(parseJson(Buffer.from(text))).amounts.totalMinor).toBe(6350);
  });

  it.each([
    ['pending', 'PENDING'], ['authorized', 'AUTHORIZED'], ['partially_paid', 'PARTIALLY_PAID'], ['paid', 'PAID'], ['PAID', 'PAID'],
    ['partially_refunded', 'PARTIALLY_REFUNDED'], ['refunded', 'REFUNDED'], ['voided', 'VOIDED'], ['expired', 'EXPIRED'],
    [null, 'PENDING'], ['', 'PENDING'], ['a word of tomorrow', 'PENDING'],
  ])('reads the financial status %j as %s', (financial_status, state) => { expect(take(change({ financial_status })).paymentState).toBe(state); });

  it('takes the topic for a cancellation that the snapshot does not show yet', () => {
    expect(take(bodyOf('orders-create-paid-usd.json'), { cancelled: true }).cancelledAt).toBe('2026-03-01T14:00:02.000Z');
  });

  it('falls back to the time of the delivery, then of the order, where the update has none', () => {
    expect(take(change({ updated_at: null }), { triggeredAt: new Date('2026-03-01T15:00:00Z') }).updatedAt).toBe('2026-03-01T15:00:00.000Z');
    expect(take(change({ updated_at: null })).updatedAt).toBe('2026-03-01T14:00:00.000Z');
  });

  it('does not guess a country for a phone, nor takes the phone of the parcel for the buyer\'s', () => {
    const nowhere = take(change({ shipping_address: null, billing_address: null, customer: { id: '1', phone: '13812341234' } }));
    expect(nowhere.customer).toMatchObject({ phoneIndex: null, emailIndex: 'email buyer@example.com' });
    const gift = take(change({ customer: { id: '1' } }));
    expect(gift.customer).toMatchObject({ phoneIndex: null });
    const nobody = take(change({ customer: { id: '1', email: '' }, email: '', contact_email: null }));
    expect(nobody.customer).toEqual({ externalId: '1', phoneIndex: null, emailIndex: null, sealed: null });
  });

  it('leaves out what a database cannot store', () => {
    const [line] = take(change({ line_items: [{ title: 'Tea\0 \uD800!', quantity: 1, price: '1' }] })).lines;
    expect(line).toMatchObject({ externalLineId: 'line-1', title: 'Tea \uFFFD!', externalSku: 'title:Tea \uFFFD!' });
  });

  it('cuts long texts between signs, never through one', () => {
    const { orderNumber, lines: [line] } = take(change({ name: `${'x'.repeat(63)}😀😀`, line_items: [{ sku: `${'y'.repeat(254)}😀😀`, title: `${'z'.repeat(1_999)}😀`, quantity: 1, price: '1' }] }));
    expect(orderNumber).toBe(`${'x'.repeat(63)}😀`);
    expect(line!.externalSku).toBe(`${'y'.repeat(254)}😀`);
    // UTF-8 has no half signs: what comes back unchanged has none.
    expect(Buffer.from(line!.title).toString()).toBe(line!.title);
  });
});

describe('what is no order', () => {
  it.each<[string, unknown, string]>([
    ['nothing', null, 'body'], ['a list', [], 'body'], ['a list of orders', { orders: [] }, 'currency'], ['no currency', change({ currency: undefined }), 'currency'],
    ['an unknown currency', change({ currency: 'QQQ' }), 'currency'], ['no id', change({ id: null }), 'id'], ['no total', change({ total_price: null }), 'total_price'],
    ['words for an amount', change({ total_price: 'free' }), 'total_price'], ['a fraction of a cent', change({ total_tax: '1.005' }), 'total_tax'],
    ['no lines', change({ line_items: null }), 'line_items'], ['half a unit', change({ line_items: [{ quantity: '0.5', price: '1' }] }), 'line_items.0.quantity'],
    ['a time without zone', change({ updated_at: '2026-03-01T09:00:00' }), 'updated_at'], ['no time', change({ updated_at: null, created_at: null, processed_at: null }), 'updated_at'],
    ['more than can be counted', change({ line_items: [{ quantity: '999999999', price: '90000' }] }), 'line_items'],
    ['a price that no goods have', change({ line_items: [{ quantity: 1, price: '90071992547409.91' }] }), 'line_items.0.price'],
    ['a price below nothing', change({ line_items: [{ quantity: 1, price: '-1.00' }] }), 'line_items.0.price'],
    ['a total below nothing', change({ total_price: '-0.01' }), 'total_price'],
    ['a year that no database stores', change({ updated_at: '0000-01-01T00:00:00Z' }), 'updated_at'],
    ['a year that no update could follow', change({ updated_at: '9999-12-31T23:59:59Z' }), 'updated_at'],
    ['more lines than any shop sells at once', change({ line_items: Array.from({ length: 1_001 }, () => ({ quantity: 1, price: '1' })) }), 'line_items'],
  ])('%s is refused with the path', (_what, body, path) => {
    expect(toOrder(body, context())).toEqual({ kind: 'refused', reason: 'BODY_NOT_AN_ORDER', path });
  });

  it('an order without units is refused as such', () => {
    expect(toOrder(change({ line_items: [] }), context())).toEqual({ kind: 'refused', reason: 'NO_LINES', path: 'line_items' });
    expect(toOrder(change({ line_items: [{ quantity: 0, price: '1' }] }), context())).toMatchObject({ reason: 'NO_LINES' });
  });
});

/** Bodies that others wrote: the sandbox's, and a collection beside the repository where there is one. */
const FOLDERS = ['../../../../../packages/channel-sandbox/fixtures/shopify/', '../../../../../../shared/samples/shopify/'].map((path) => new URL(path, import.meta.url));

describe('bodies of others', () => {
  const files = FOLDERS.filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => /^(orders?-|webhook-orders).*\.json$/.test(name)).map((name) => new URL(name, folder)));
  for (const file of files) it(`translates ${file.pathname.split('/').at(-1)}`, () => {
    const body = parseJson(readFileSync(file)) as { orders?: unknown[] };
    for (const one of body.orders ?? [body]) {
      const order = take(one);
      const { total_line_items_price: listed, total_tip_received: tip } = ((one as { order?: object }).order ?? one) as Record<string, string | undefined>;
      const minor = (text: string | undefined): number => parseDecimal(text ?? '0', order.amounts.currency).amountMinor;
      // Only a tip, or lines that contradict the body's own sum of them, stand between the parts and the total.
      expect(rest(order)).toBe(minor(tip) + minor(listed) - order.amounts.itemsMinor);
    }
  });
});
