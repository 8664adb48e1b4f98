import { isCurrency, parseDecimal, type CurrencyCode } from '@quanyu/money';
import { z } from 'zod';

// Shopify's order as webhooks carry it, 2008 to today: what is not used is not looked at, what is used must be right.

const text = z.union([z.string(), z.number()]).transform(String);
/** PostgreSQL stores neither NUL nor half a surrogate pair. */
const words = text.transform((value) => Buffer.from(value.replaceAll('\0', '')).toString().trim());
const id = words.pipe(z.string().min(1).max(64));
const count = text.pipe(z.string().regex(/^\d{1,9}$/)).transform(Number);
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/)
  .transform((value) => new Date(value)).refine((date) => !Number.isNaN(date.getTime()));

const person = {
  first_name: words.nullish(), last_name: words.nullish(), name: words.nullish(), phone: words.nullish(),
};
const address = z.object({
  ...person,
  address1: words.nullish(), address2: words.nullish(), city: words.nullish(), province: words.nullish(),
  zip: words.nullish(), country_code: words.nullish(),
});
const customer = z.object({ ...person, id: id.nullish(), email: words.nullish(), default_address: address.nullish() });

/** Amounts are read in the order's currency, so each currency has its schema: amounts come out in minor units. */
function orderIn(currency: CurrencyCode) {
  const amount = text.transform((value, context) => {
    try {
      return parseDecimal(value, currency).amountMinor;
    } catch {
      context.addIssue({ code: 'custom', message: 'no amount of this currency' });
      return z.NEVER;
    }
  });
  const set = z.object({ shop_money: z.object({ amount }) });
  const amounts = z.array(z.object({ amount })).nullish();
  const prices = z.array(z.object({ price: amount })).nullish();
  const line = z.object({
    id: id.nullish(), sku: words.nullish(), variant_id: words.nullish(), title: words.nullish(),
    quantity: count, current_quantity: count.nullish(), price: amount,
    total_discount: amount.nullish(), discount_allocations: amounts,
  });
  return z.object({
    id,
    name: words.nullish(), order_number: words.nullish(), number: words.nullish(),
    created_at: instant.nullish(), processed_at: instant.nullish(), updated_at: instant.nullish(), cancelled_at: instant.nullish(),
    financial_status: words.nullish(), fulfillment_status: words.nullish(),
    email: words.nullish(), contact_email: words.nullish(), phone: words.nullish(),
    customer: customer.nullish(), shipping_address: address.nullish(), billing_address: address.nullish(),
    taxes_included: z.boolean().nullish(),
    total_price: amount, total_discounts: amount.nullish(), total_tax: amount.nullish(), tax_lines: prices,
    total_shipping_price_set: set.nullish(),
    shipping_lines: z.array(z.object({ price: amount, is_removed: z.boolean().nullish(), discount_allocations: amounts })).nullish(),
    current_total_price: amount.nullish(), current_total_discounts: amount.nullish(), current_total_tax: amount.nullish(),
    current_shipping_price_set: set.nullish(),
    line_items: z.array(line),
    refunds: z.array(z.object({
      transactions: z.array(z.unknown()).nullish(),
      refund_line_items: z.array(z.object({ line_item_id: id.nullish(), quantity: count })).nullish(),
    })).nullish(),
  });
}

export type ShopifyOrder = z.output<ReturnType<typeof orderIn>>;
export type ShopifyLine = ShopifyOrder['line_items'][number];
export type ShopifyAddress = z.output<typeof address>;

const schemas = new Map<CurrencyCode, ReturnType<typeof orderIn>>();

function schemaFor(currency: CurrencyCode): ReturnType<typeof orderIn> {
  const schema = schemas.get(currency) ?? orderIn(currency);
  schemas.set(currency, schema);
  return schema;
}

const withCurrency = z.object({ currency: z.string().refine(isCurrency) });
const envelope = z.object({ order: z.record(z.string(), z.unknown()) });

/** Reads a body, bare or in the API's `{ order: … }`; else the path of the first field that does not fit, without its value. */
export function readOrder(body: unknown): { readonly order: ShopifyOrder; readonly currency: CurrencyCode } | { readonly path: string } {
  const wrapped = envelope.safeParse(body);
  const bare = wrapped.success ? wrapped.data.order : body;
  const head = withCurrency.safeParse(bare);
  if (!head.success) return { path: pathOf(head.error) };
  const order = schemaFor(head.data.currency).safeParse(bare);
  return order.success ? { order: order.data, currency: head.data.currency } : { path: pathOf(order.error) };
}

const pathOf = (error: z.ZodError): string => error.issues[0]?.path.join('.') || 'body';
