import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { toMinor } from '../amounts.js';
import { SHOPIFY_FIXTURES, shopifyFixture } from './fixtures.js';
import { shopifyOrder } from './order-body.js';

const file = (name: string): string => readFileSync(new URL(`../../fixtures/shopify/${name}.json`, import.meta.url), 'utf8');

describe.each(SHOPIFY_FIXTURES)('%s', (name) => {
  const body = shopifyFixture(name);
  const { currency } = body;
  const minor = (text: string): number => toMinor(text, currency);
  const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

  it('is committed as it is built (else: npm run build, then node packages/channel-sandbox/bin/write-fixtures.mjs)', () => {
    expect(JSON.parse(file(name))).toEqual(body);
  });

  it('adds up', () => {
    const lines = body.line_items.map((line) => minor(line.price) * line.quantity);
    const allocated = body.line_items.flatMap((line) => line.discount_allocations.map(({ amount }) => minor(amount)));
    const lineTax = [...body.line_items, ...body.shipping_lines].flatMap((line) => line.tax_lines.map(({ price }) => minor(price)));
    const shipping = body.shipping_lines.map(({ price }) => minor(price));
    expect(minor(body.total_line_items_price)).toBe(sum(lines));
    expect(minor(body.total_discounts)).toBe(sum(allocated));
    expect(minor(body.subtotal_price)).toBe(sum(lines) - sum(allocated));
    expect(minor(body.total_tax)).toBe(sum(lineTax));
    expect(minor(body.total_tax)).toBe(sum(body.tax_lines.map(({ price }) => minor(price))));
    expect(minor(body.total_shipping_price_set.shop_money.amount)).toBe(sum(shipping));
    expect(minor(body.total_price)).toBe(minor(body.subtotal_price) + sum(shipping) + (body.taxes_included ? 0 : sum(lineTax)));
  });

  it('says each amount in both ways', () => {
    const pairs: [string, unknown][] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const plain = (node as Record<string, unknown>)[key.replace(/_set$/, '')];
        if (key.endsWith('_set') && plain !== undefined) pairs.push([String(plain), value]);
        walk(value);
      }
    };
    walk(body);
    expect(pairs.length).toBeGreaterThan(10);
    for (const [plain, set] of pairs) {
      const { shop_money: shop, presentment_money: seen } = set as Record<string, { amount: string; currency_code: string }>;
      expect([Number(shop?.amount), shop?.currency_code, seen]).toEqual([Number(plain), currency, shop]);
    }
  });

  it('holds nobody real', () => {
    const text = file(name);
    for (const [address] of text.matchAll(/[\w.-]+@[\w.-]+/g)) expect(address).toMatch(/@example\.com$/);
    expect(text).not.toMatch(/shpat_|shpss_/);
  });
});

describe('a body built for a test', () => {
  const bare = { id: 7_000_000_000_099, createdAt: '2026-11-20T10:00:00Z', financialStatus: 'paid', currency: 'JPY' } as const;
  const line = { sku: null, variantId: null, productId: null, title: 'Custom', quantity: 3, price: '1200' };

  it('writes currencies without decimals and with three', () => {
    expect(shopifyOrder({ ...bare, lines: [line] }).total_price).toBe('3600');
    expect(shopifyOrder({ ...bare, currency: 'KWD', lines: [{ ...line, price: '1.25' }] }).total_price).toBe('3.750');
    expect(() => shopifyOrder({ ...bare, lines: [{ ...line, price: '1200.5' }] })).toThrow('not an amount of JPY');
  });

  it('has the null habits of an order without customer', () => {
    expect(shopifyOrder({ ...bare, lines: [line] })).toMatchObject({
      customer: null, shipping_address: null, billing_address: null, email: '', contact_email: null, phone: null,
      line_items: [{ sku: null, variant_id: null, product_id: null, product_exists: false, vendor: null }],
    });
  });

  it('owes what is not paid, and nothing once cancelled', () => {
    expect(shopifyFixture('orders-create-pending').total_outstanding).toBe(shopifyFixture('orders-create-pending').total_price);
    expect(shopifyFixture('orders-cancelled')).toMatchObject({ total_outstanding: '0.00', current_total_price: '0.00', refunds: [{ transactions: [], restock: true }] });
  });

  it('tells one order in five bodies, each later than the one before it', () => {
    const life = (['orders-create-pending', 'orders-paid', 'orders-updated', 'orders-updated-voided', 'orders-cancelled'] as const).map((name) => shopifyFixture(name));
    expect(new Set(life.map(({ id }) => id)).size).toBe(1);
    expect(life.map(({ updated_at }) => updated_at)).toEqual(life.map(({ updated_at }) => updated_at).sort());
  });
});
