import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { orderReceived } from '@quanyu/events';
import { parseDecimal } from '@quanyu/money';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { parseJson } from '../reading/parse-json.js';
import { toOrder } from './to-order.js';

const context = (over: Partial<OrderContext> = {}): OrderContext => ({
  cancelled: false, triggeredAt: null,
  privacy: { seal: (plain, row, field) => `sealed ${field} of ${row}: ${plain}`, index: (kind, value) => `${kind} ${value}` },
  ...over,
});
const CAME_BY = { connectionId: 'con_a', platform: 'SHOPLAZZA', deliveryId: 'dlv_a' };
function orderOf(translated: Translated): ToldOrder {
  if (translated.kind !== 'order') throw new Error(`${translated.reason} at ${translated.path}`);
  expect(orderReceived.schema.parse({ ...CAME_BY, ...translated.data })).toEqual({ ...CAME_BY, ...translated.data });
  return translated.data;
}
const take = (body: unknown, over: Partial<OrderContext> = {}): ToldOrder => orderOf(toOrder(body, context(over)));

const BODY = parseJson(readFileSync(new URL('./fixtures/orders-create-paid-usd.json', import.meta.url))) as { order: Record<string, unknown> };
const change = (over: object): object => ({ order: { ...BODY.order, ...over } });

/** What the parts leave of the total: tips, gift cards and extra charges. */
const rest = ({ amounts: a }: ToldOrder): number =>
  a.totalMinor - (a.itemsMinor - a.discountMinor + a.shippingMinor + (a.taxesIncluded ? 0 : a.taxMinor));

describe('a paid order of Shoplazza', () => {
  const order = take(BODY);

  it('keeps ids that no float can hold, and the time of sale', () => {
    expect(order).toMatchObject({
      externalOrderId: '18446744073709551999', orderNumber: 'QYFAKE3001', paymentState: 'PAID', rawStatus: 'placed/paid/waiting', cancelledAt: null,
      placedAt: '2026-03-02T01:00:00.000Z', updatedAt: '2026-03-02T01:00:03.000Z',
    });
    expect(order.lines.map((line) => line.externalLineId)).toEqual(['18446744073709552201', '18446744073709552202']);
  });

  it('has exact parts', () => {
    expect(order.amounts).toEqual({ currency: 'USD', itemsMinor: 5500, discountMinor: 500, shippingMinor: 600, taxMinor: 415, taxesIncluded: true, totalMinor: 5600 });
    expect(rest(order)).toBe(0);
  });

  it('names goods by SKU, else by variant, and leaves out lines without units', () => {
    expect(order.lines.map((line) => [line.externalSku, line.title, line.quantity, line.unitPriceMinor, line.discountMinor])).toEqual([
      ['QY-TEA-1', 'Green tea', 2, 2000, 500], ['variant:5002', 'Gift card', 1, 1500, 0],
    ]);
  });

  it('tells of people only sealed and indexed, the buyer apart from the receiver', () => {
    expect(order.customer).toEqual({
      externalId: '18446744073709552111', phoneIndex: 'phone +12175550123', emailIndex: 'email buyer@example.com',
      sealed: 'sealed customer of 18446744073709552111: {"name":"Test Buyer","phone":"+12175550123","email":"buyer@example.com"}',
    });
    expect(order.sealedShipTo).toBe('sealed shipTo of 18446744073709551999: {"name":"Gift Receiver","phone":"+12175550199","address1":"1 Example Road","address2":"Unit 0, North End","city":"Springfield","province":"Illinois","postalCode":"00000","countryCode":"US"}');
  });
});

describe('what a buyer wrote in a Shoplazza shop', () => {
  it('is told sealed, the shop\'s own note beside it, with the wished way of sending', () => {
    const order = take(change({ customer_note: 'Ring twice', note: 'VIP', shipping_line: { name: 'Express 2-day' } }));
    expect(order.sealedNotes).toBe(`sealed notes of ${order.externalOrderId}: {"buyer":"Ring twice","gift":null,"instructions":null,"seller":"VIP"}`);
    expect(order.shippingMethod).toBe('Express 2-day');
    expect(take(change({ customer_note: '', note: null, shipping_line: null }))).toMatchObject({ sealedNotes: null, shippingMethod: null });
  });

  it('names the channel\'s product and variant of each line', () => {
    const [line] = BODY.order['line_items'] as [object];
    expect(take(change({ line_items: [{ ...line, product_id: '9007199254740993777', variant_id: '18446744073709552999' }] })).lines[0]).toMatchObject({ externalProductId: '9007199254740993777', externalVariantId: '18446744073709552999' });
  });

  it('is in US dollars where no currency is told', () => {
    expect(take(change({ currency: null })).amounts.currency).toBe('USD');
    expect(toOrder(change({ currency: 'XXZ' }), context())).toMatchObject({ kind: 'refused', path: 'currency' });
  });
});

describe('the states of Shoplazza', () => {
  it.each([
    ['waiting', 'PENDING'], ['paying', 'PENDING'], ['failed', 'PENDING'], ['authorized', 'AUTHORIZED'], ['partially_paid', 'PARTIALLY_PAID'],
    ['paid', 'PAID'], ['refunding', 'PAID'], ['refund_failed', 'PAID'], ['partially_refunded', 'PARTIALLY_REFUNDED'], ['refunded', 'REFUNDED'], ['cancelled', 'VOIDED'],
    ['PAID', 'PAID'], [null, 'PENDING'], ['', 'PENDING'], ['a word of tomorrow', 'PENDING'], ['constructor', 'PENDING'],
  ])('reads the financial status %j as %s', (financial_status, state) => { expect(take(change({ financial_status })).paymentState).toBe(state); });

  it.each([['opened', false], ['placed', false], ['finished', false], [null, false], ['cancelled', true]])('takes the status %j for an end: %s', (status, ended) => {
    expect(take(change({ status })).cancelledAt).toBe(ended ? '2026-03-02T01:00:03.000Z' : null);
  });

  it.each(['initialled', 'waiting', 'partially_shipped', 'shipped', 'partially_finished', 'finished', 'cancelled', 'returning', 'returned', 'partially_returned'])('shows the fulfilment %s and does not end the order for it', (fulfillment_status) => {
    expect(take(change({ fulfillment_status }))).toMatchObject({ rawStatus: `placed/paid/${fulfillment_status}`, cancelledAt: null, paymentState: 'PAID' });
  });

  it('takes the time of a cancellation from the order, else of its update, also when only the topic tells of it', () => {
    for (const field of ['canceled_at', 'cancelled_at']) expect(take(change({ status: 'cancelled', [field]: '2026-03-02T02:00:00Z' })).cancelledAt).toBe('2026-03-02T02:00:00.000Z');
    expect(take(BODY, { cancelled: true }).cancelledAt).toBe('2026-03-02T01:00:03.000Z');
  });
});

describe('other bodies of Shoplazza', () => {
  it('may be bare, and tell of discounts as a text, a list or something else', () => {
    expect(take(BODY.order)).toEqual(take(BODY));
    for (const discount_applications of ['[]', '{broken', [], [{ title: 'Ten' }], null]) expect(take(change({ discount_applications }))).toEqual(take(BODY));
  });

  it.each<[string, object, boolean]>([
    ['says that it is within', { product_tax_included: true, total_price: '60.15' }, true],
    ['says that it is not', { product_tax_included: false }, false],
    ['is reached with it', { total_price: '60.15' }, false],
    ['is reached without it', { total_price: '56.00' }, true],
    ['is reached from the sum of the products', { total_price: '56.00', total_discount: '0.00' }, true],
    ['is reached in no way', { total_price: '57.00' }, false],
    ['has no tax', { total_price: '56.00', total_tax: '0.00' }, false],
  ])('has the tax in its prices, or not, when the total %s', (_what, over, included) => { expect(take(change(over)).amounts.taxesIncluded).toBe(included); });

  it('has no amounts but its total, no customer and no address', () => {
    const order = take(change({ sub_total: null, total_discount: '', total_tax: undefined, total_shipping: null, total_price: '55', customer: null, shipping_address: null }));
    expect(order.amounts).toMatchObject({ itemsMinor: 5500, discountMinor: 0, shippingMinor: 0, taxMinor: 0, taxesIncluded: false });
    expect(order).toMatchObject({ customer: null, sealedShipTo: null });
    expect(rest(order)).toBe(0);
  });

  it('has a guest without id, who is no customer', () => {
    for (const customer of [{ id: '', email: 'guest@example.com' }, { email: 'guest@example.com' }]) expect(take(change({ customer })).customer).toBeNull();
  });

  it('has the street as webhooks spell it', () => {
    const shipping_address = { name: 'Someone', address1: '2 Example Road', address2: 'Floor 0', city: 'Springfield', country_code: 'US' };
    expect(take(change({ shipping_address })).sealedShipTo).toContain('"address1":"2 Example Road","address2":"Floor 0"');
  });

  it('has no number and no time of sale: the id and the till do', () => {
    expect(take(change({ number: '', placed_at: null }))).toMatchObject({ orderNumber: '18446744073709551999', placedAt: '2026-03-02T00:58:40.000Z' });
    expect(take(change({ updated_at: null })).updatedAt).toBe('2026-03-02T01:00:00.000Z');
  });

  it('has a line that costs more in total than in price, by its tax', () => {
    const line_items = [{ quantity: 2, price: '20.00', total: '43.20', product_title: 'Taxed' }];
    expect(take(change({ line_items })).lines).toEqual([{ externalLineId: 'line-1', externalSku: 'title:Taxed', title: 'Taxed', quantity: 2, unitPriceMinor: 2000, discountMinor: 0, externalProductId: null, externalVariantId: null }]);
  });
});

describe('what is no order of Shoplazza', () => {
  it.each<[string, unknown, string]>([
    ['nothing', null, 'body'], ['a list of orders', { orders: [] }, 'id'], ['an unknown currency', change({ currency: 'QQQ' }), 'currency'],
    ['no id', change({ id: null }), 'id'], ['no total', change({ total_price: null }), 'total_price'], ['an empty total', change({ total_price: '' }), 'total_price'],
    ['a fraction of a cent', change({ total_tax: '1.005' }), 'total_tax'], ['no lines', change({ line_items: null }), 'line_items'],
    ['half a unit', change({ line_items: [{ quantity: '0.5', price: '1' }] }), 'line_items.0.quantity'],
    ['a time without zone', change({ updated_at: '2026-03-02T09:00:03' }), 'updated_at'], ['no time', change({ updated_at: null, created_at: null, placed_at: '' }), 'updated_at'],
    ['more than can be counted', change({ line_items: [{ quantity: '999999999', price: '90000' }] }), 'line_items'],
  ])('%s is refused with the path', (_what, body, path) => { expect(toOrder(body, context())).toEqual({ kind: 'refused', reason: 'BODY_NOT_AN_ORDER', path }); });

  it('an order without units is refused as such', () => {
    for (const line_items of [[], [{ quantity: 0, price: '1' }]]) expect(toOrder(change({ line_items }), context())).toEqual({ kind: 'refused', reason: 'NO_LINES', path: 'line_items' });
  });
});

describe('bodies of others', () => {
  const sandbox = new URL('../../../../../packages/channel-sandbox/fixtures/shoplazza/', import.meta.url);
  it.each(readdirSync(sandbox))('translates the sandbox\'s %s', (name) => {
    const order = take(parseJson(readFileSync(new URL(name, sandbox))));
    expect(rest(order)).toBe(0);
  });

  // The head of an order as documented, where a collection of such stands beside the repository: lines and times are ours.
  const documented = new URL('../../../../../../shared/samples/shoplazza/order-doc-excerpt.json', import.meta.url);
  if (existsSync(documented)) it('translates the documented head of an order', () => {
    const { order: head } = parseJson(readFileSync(documented)) as { order: Record<string, string> };
    const order = take({ order: { ...head, updated_at: '2026-03-02T01:00:00Z', line_items: [{ quantity: 1, price: head.sub_total }] } });
    const minor = (text: string | undefined): number => parseDecimal(text ?? '', 'USD').amountMinor;
    expect(order).toMatchObject({ externalOrderId: head.id, orderNumber: head.number, paymentState: 'PARTIALLY_REFUNDED', cancelledAt: null, customer: null });
    expect(order.amounts).toMatchObject({ taxesIncluded: true, taxMinor: minor(head.total_tax), totalMinor: minor(head.total_price) });
    expect(rest(order)).toBe(0);
    expect(toOrder({ order: head }, context())).toEqual({ kind: 'refused', reason: 'BODY_NOT_AN_ORDER', path: 'line_items' });
  });
});
