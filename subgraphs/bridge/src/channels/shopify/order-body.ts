import type { CurrencyCode } from '@quanyu/money';
import { z } from 'zod';
import { amountIn, count, id, instant, linesOf, orderReader, words } from '../reading/order-fields.js';

// Shopify's order as webhooks carry it, 2008 to today: what is not used is not looked at, what is used must be right.

const person = {
  first_name: words.nullish(), last_name: words.nullish(), name: words.nullish(), phone: words.nullish(),
};
const address = z.object({
  ...person,
  address1: words.nullish(), address2: words.nullish(), city: words.nullish(), province: words.nullish(),
  zip: words.nullish(), country_code: words.nullish(),
});
const customer = z.object({ ...person, id: id.nullish(), email: words.nullish(), default_address: address.nullish() });

function orderIn(currency: CurrencyCode) {
  const amount = amountIn(currency);
  const set = z.object({ shop_money: z.object({ amount }) });
  const amounts = z.array(z.object({ amount })).nullish();
  const prices = z.array(z.object({ price: amount })).nullish();
  const line = z.object({
    id: id.nullish(), sku: words.nullish(), variant_id: words.nullish(), product_id: words.nullish(), title: words.nullish(),
    quantity: count, current_quantity: count.nullish(), price: amount,
    total_discount: amount.nullish(), discount_allocations: amounts,
  });
  return z.object({
    id,
    name: words.nullish(), order_number: words.nullish(), number: words.nullish(),
    created_at: instant.nullish(), processed_at: instant.nullish(), updated_at: instant.nullish(), cancelled_at: instant.nullish(),
    financial_status: words.nullish(), fulfillment_status: words.nullish(), closed_at: instant.nullish().catch(null), return_status: words.nullish().catch(null),
    fulfillments: z.array(z.object({ status: words.nullish(), shipment_status: words.nullish() })).nullish().catch(null),
    email: words.nullish(), contact_email: words.nullish(), phone: words.nullish(),
    customer: customer.nullish(), shipping_address: address.nullish(), billing_address: address.nullish(),
    note: words.nullish(), note_attributes: z.array(z.object({ name: words.nullish(), value: words.nullish().catch(null) })).nullish().catch(null),
    taxes_included: z.boolean().nullish(),
    total_price: amount, total_discounts: amount.nullish(), total_tax: amount.nullish(), tax_lines: prices,
    total_shipping_price_set: set.nullish(),
    shipping_lines: z.array(z.object({ title: words.nullish(), price: amount, is_removed: z.boolean().nullish(), discount_allocations: amounts })).nullish(),
    current_total_price: amount.nullish(), current_total_discounts: amount.nullish(), current_total_tax: amount.nullish(),
    current_shipping_price_set: set.nullish(),
    line_items: linesOf(line),
    refunds: z.array(z.object({
      transactions: z.array(z.unknown()).nullish(),
      refund_line_items: z.array(z.object({ line_item_id: id.nullish(), quantity: count })).nullish(),
    })).nullish(),
  });
}

export type ShopifyOrder = z.output<ReturnType<typeof orderIn>>;
export type ShopifyLine = ShopifyOrder['line_items'][number];

export const readOrder = orderReader(orderIn);
