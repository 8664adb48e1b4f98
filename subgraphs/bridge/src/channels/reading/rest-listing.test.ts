import { describe, expect, it } from '@jest/globals';
import { channelProductTold } from '@quanyu/events';
import fc from 'fast-check';
import { parseJson } from './parse-json.js';
import { restListing } from './rest-listing.js';

const AT = new Date('2026-03-02T00:00:00Z');
const context = { at: AT, currency: 'CNY' };
/** As a webhook's body is read: numbers as they stood. */
const body = (value: object): unknown => parseJson(Buffer.from(JSON.stringify(value)));
const variant = (over: object = {}) => ({ id: '1', sku: 'A', title: 'M', price: '19.90', compare_at_price: null, inventory_quantity: 3, option1: 'M', ...over });
const product = (over: object = {}) => ({ id: '9007199254740993', title: 'Cup', status: 'active', updated_at: '2026-03-01T10:00:00+08:00', variants: [variant()], options: [{ name: 'Size', values: ['M'] }], ...over });
const read = (over: object = {}, currency: string | null = 'CNY') => restListing.productOf(body(product(over)), { at: AT, currency });
const price = (text: unknown, currency: string) => read({ variants: [variant({ price: text })] }, currency)!.variants[0]!.priceMinor;

describe('a product as shops tell it', () => {
  it('is read bare or in an envelope, ids and amounts exact', () => {
    const told = restListing.productOf(body({ product: product() }), context)!;
    expect(told).toEqual(read());
    expect(told).toMatchObject({ externalProductId: '9007199254740993', changedAt: new Date('2026-03-01T02:00:00Z'), currency: 'CNY', product: { title: 'Cup', status: 'ACTIVE' }, variants: [{ externalVariantId: '1', externalSku: 'A', priceMinor: 1990, compareAtMinor: null, quantity: 3, options: ['M'] }] });
  });

  it.each([
    ['19.90', 'CNY', 1990], ['0', 'CNY', 0], [null, 'CNY', null], ['', 'CNY', null], ['1999', 'JPY', 1999], ['1999.00', 'JPY', 1999], ['1999.5', 'JPY', null], ['1.234', 'KWD', 1234], ['19.995', 'CNY', null],
    ['-1', 'CNY', null], ['1e9', 'CNY', null], ['NaN', 'CNY', null], ['99999999999999999', 'CNY', null], [19.9, 'CNY', 1990],
  ])('costs %j %s as %j in minor units', (text, currency, minor) => { expect(price(text, currency)).toBe(minor); });

  it('has no price at all while nobody knows the currency of its shop', () => {
    expect(read({}, null)).toMatchObject({ currency: null, variants: [{ priceMinor: null }] });
  });

  it('keeps strange words as text, without what no database stores, and short enough', () => {
    const told = read({ title: `<img src=x onerror=alert(1)>\0${'长'.repeat(600)}`, body_html: '<script>1</script>', tags: ' a, ,b ', vendor: '\ud800half' })!;
    expect(told.product).toMatchObject({ bodyHtml: '<script>1</script>', tags: ['a', 'b'] });
    expect(told.product.title.startsWith('<img src=x onerror=alert(1)>长')).toBe(true);
    expect([told.product.title.length, told.product.title.includes('\0'), Buffer.from(told.product.vendor!).toString() === told.product.vendor]).toEqual([512, false, true]);
  });

  it('names a variant without a SKU by its id, and takes one that comes twice as the last of them', () => {
    expect(read({ variants: [variant({ id: '7', sku: ' ' }), variant({ id: '8', price: '1.00' }), variant({ id: '8', price: '2.00' })] })!.variants.map(({ externalSku, priceMinor }) => [externalSku, priceMinor])).toEqual([['variant:7', 1990], ['A', 200]]);
  });

  it.each([
    [{ status: 'active' }, 'ACTIVE'], [{ status: 'Draft' }, 'DRAFT'], [{ status: 'archived' }, 'ARCHIVED'], [{ status: null, published: true }, 'ACTIVE'], [{ status: null, published: false }, 'DRAFT'], [{ status: null }, 'ACTIVE'], [{ status: 'odd' }, 'DRAFT'],
  ])('%j is %s', (over, status) => { expect(read(over)!.product.status).toBe(status); });

  it.each([[null], ['x'], [[]], [{}], [{ id: {} }], [product({ variants: 'many' })], [product({ variants: [{ sku: 'no id' }] })], [product({ variants: Array.from({ length: 20_001 }, (_, n) => variant({ id: String(n) })) })]])('is not read from what is none (%#)', (value) => {
    expect(restListing.productOf(body(value as object), context)).toBeNull();
  });

  it('fits the contract of its fact, whatever it says', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const odd = fc.oneof(text, fc.constant(null), fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 }), fc.constant({}));
    const strange = fc.record({ title: odd, body_html: odd, vendor: odd, tags: odd, status: odd, options: odd, images: fc.oneof(odd, fc.array(fc.record({ id: odd, src: odd, position: odd, width: odd }), { maxLength: 3 })), published_at: odd, updated_at: odd,
      variants: fc.array(fc.record({ id: fc.constantFrom('1', '2', 3), sku: odd, title: odd, price: odd, compare_at_price: odd, inventory_quantity: odd, weight: odd, weight_unit: odd, option1: odd, option3: odd }), { maxLength: 3 }) });
    fc.assert(fc.property(strange, (over) => {
      const told = read(over)!;
      const { externalProductId, changedAt, currency, product: said, variants } = told;
      channelProductTold.schema.parse({ connectionId: 'con_a', platform: 'SHOPIFY', externalProductId, changedAt: changedAt.toISOString(), readAt: AT.toISOString(), part: 1, parts: 1, currency, product: said, variants, removed: false });
    }), { numRuns: 300 });
  });
});

describe('a customer as shops tell them', () => {
  const customer = (over: object = {}) => restListing.customerOf(body({ id: 1, first_name: 'Ann', last_name: 'Lee', email: 'a@example.com', phone: null, orders_count: 2, total_spent: '85.50', state: 'enabled', updated_at: '2026-03-01T00:00:00Z', ...over }), context);

  it('is read with what they have spent and where they live', () => {
    expect(customer({ addresses: [{ id: 5, address1: 'Road 1', city: 'X', country_code: 'cn', default: true }] })).toMatchObject({
      externalId: '1', name: 'Ann Lee', email: 'a@example.com', phone: null, ordersCount: 2, spent: { currency: 'CNY', amountMinor: 8550 }, addresses: [{ externalAddressId: '5', isDefault: true, address: { address1: 'Road 1', countryCode: 'CN' } }],
    });
  });

  it('has their own currency where the shop tells one, and nothing spent where it tells none', () => {
    expect([customer({ currency: 'JPY', total_spent: '300' })!.spent, customer({ total_spent: null })!.spent, customer({ total_spent: 'much' })!.spent, customer({ orders_count: -1 })!.ordersCount]).toEqual([{ currency: 'JPY', amountMinor: 300 }, null, null, null]);
  });

  it('is named by its id alone once they are gone', () => {
    expect([restListing.idOf(body({ id: 7 })), restListing.idOf(body({ customer: { id: '8' } })), restListing.idOf(body({})), restListing.idOf(null)]).toEqual(['7', '8', null, null]);
  });
});
