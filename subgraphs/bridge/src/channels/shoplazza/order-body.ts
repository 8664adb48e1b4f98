import type { CurrencyCode } from '@quanyu/money';
import { z } from 'zod';
import { amountIn, count, id, instant, linesOf, orderReader, words } from '../reading/order-fields.js';

// Shoplazza's order, 2022-01: what is not used is not looked at (discount_applications, a list here and a JSON text
// there), what is used must be right.

/** A field that may be missing, null or the empty text: all three say nothing. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((value) => (value === '' ? null : value), schema.nullish());

const person = { first_name: words.nullish(), last_name: words.nullish(), name: words.nullish(), phone: words.nullish(), email: words.nullish() };
const address = z.object({
  ...person,
  // The API calls the two lines of a street address and address1, webhooks call them address1 and address2.
  address: words.nullish(), address1: words.nullish(), address2: words.nullish(),
  area: words.nullish(), city: words.nullish(), province: words.nullish(), zip: words.nullish(), country_code: words.nullish(),
});

function orderIn(currency: CurrencyCode) {
  const amount = amountIn(currency);
  return z.object({
    id, number: maybe(words),
    status: words.nullish(), financial_status: words.nullish(), fulfillment_status: words.nullish(),
    created_at: maybe(instant), placed_at: maybe(instant), updated_at: maybe(instant), canceled_at: maybe(instant), cancelled_at: maybe(instant),
    total_price: amount, sub_total: maybe(amount), total_discount: maybe(amount), total_shipping: maybe(amount), total_tax: maybe(amount),
    note: words.nullish(), customer_note: words.nullish(), shipping_line: z.object({ name: words.nullish() }).nullish().catch(null),
    product_tax_included: z.boolean().nullish(),
    customer: z.object({ ...person, id: maybe(id) }).nullish(), shipping_address: address.nullish(), billing_address: address.nullish(),
    line_items: linesOf(z.object({
      id: maybe(id), sku: words.nullish(), variant_id: words.nullish(), product_id: words.nullish(), product_title: words.nullish(), variant_title: words.nullish(),
      quantity: count, price: amount, total: maybe(amount),
    })),
  });
}

export type ShoplazzaOrder = z.output<ReturnType<typeof orderIn>>;

export const readOrder = orderReader(orderIn, 'USD');
