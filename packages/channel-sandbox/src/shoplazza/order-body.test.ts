import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { toMinor } from '../amounts.js';
import { SHOPLAZZA_FIXTURES, shoplazzaFixture } from './fixtures.js';

const file = (name: string): string => readFileSync(new URL(`../../fixtures/shoplazza/${name}.json`, import.meta.url), 'utf8');

describe.each(SHOPLAZZA_FIXTURES)('%s', (name) => {
  const { order } = shoplazzaFixture(name);
  const minor = (text: string): number => toMinor(text, order.currency);
  const sum = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);

  it('is committed as it is built (else: npm run build, then node packages/channel-sandbox/bin/write-fixtures.mjs)', () => {
    expect(JSON.parse(file(name))).toEqual({ order });
  });

  it('adds up', () => {
    const gross = sum(order.line_items.map(({ price, quantity }) => minor(price) * quantity));
    expect(minor(order.sub_total)).toBe(gross - minor(order.total_discount));
    expect(minor(order.sub_total)).toBe(sum(order.line_items.map(({ total }) => minor(total))));
    expect(minor(order.total_price)).toBe(minor(order.sub_total) + minor(order.total_shipping) + (order.product_tax_included ? 0 : minor(order.total_tax)));
  });

  it('holds nobody real', () => {
    for (const [address] of file(name).matchAll(/[\w.-]+@[\w.-]+/g)) expect(address).toMatch(/@example\.com$/);
  });
});

it('has ids of twenty digits, and discounts as a text', () => {
  const { order } = shoplazzaFixture('orders-create-paid-cny');
  expect([order.id, ...order.line_items.map(({ id }) => id)].every((id) => /^\d{20}$/.test(id))).toBe(true);
  expect(JSON.parse(order.discount_applications)).toEqual([{ code: 'SAMPLE8', title: 'SAMPLE8' }]);
});
