import { taxOn, toMinor, toText } from '../amounts.js';
import { moneySet } from './money-set.js';
import type { ShopifyLineInput, ShopifyOrderInput, ShopifyTaxInput } from './order-input.js';

interface TaxAmount {
  readonly title: string;
  readonly rateBasisPoints: number;
  readonly minor: number;
}

/** What an order's amounts come to, in minor units. */
export interface OrderSums {
  readonly lines: readonly { readonly gross: number; readonly discount: number; readonly tax: TaxAmount | null }[];
  readonly gross: number;
  readonly discount: number;
  readonly subtotal: number;
  readonly shipping: number;
  readonly shippingTax: TaxAmount | null;
  readonly tax: number;
  readonly taxes: readonly TaxAmount[];
  readonly total: number;
}

/** Adds an order up: subtotal = lines - discounts; total = subtotal + shipping, + tax where prices do not hold it. */
export function sumsOf({ lines: inputs, shipping: freight, currency, taxesIncluded = false }: ShopifyOrderInput): OrderSums {
  const taxAmount = (net: number, tax: ShopifyTaxInput | undefined): TaxAmount | null =>
    tax === undefined ? null : { ...tax, minor: taxOn(net, tax.rateBasisPoints, taxesIncluded) };
  const lines = inputs.map(({ price, quantity, discount = '0', tax }) => {
    const gross = toMinor(price, currency) * quantity;
    const off = toMinor(discount, currency);
    if (off > gross) throw new Error('a line is discounted by more than it costs');
    return { gross, discount: off, tax: taxAmount(gross - off, tax) };
  });
  const add = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
  const gross = add(lines.map((line) => line.gross));
  const discount = add(lines.map((line) => line.discount));
  const shipping = freight === undefined ? 0 : toMinor(freight.price, currency);
  const shippingTax = taxAmount(shipping, freight?.tax);
  const taxes = byTitle([...lines.map((line) => line.tax), shippingTax]);
  const tax = add(taxes.map(({ minor }) => minor));
  const subtotal = gross - discount;
  return { lines, gross, discount, subtotal, shipping, shippingTax, tax, taxes, total: subtotal + shipping + (taxesIncluded ? 0 : tax) };
}

function byTitle(amounts: readonly (TaxAmount | null)[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>();
  for (const tax of amounts) {
    if (tax === null) continue;
    const key = `${tax.title} ${tax.rateBasisPoints}`;
    sums.set(key, { ...tax, minor: tax.minor + (sums.get(key)?.minor ?? 0) });
  }
  return [...sums.values()];
}

/** Writes tax lines as they stand in orders, lines and shipping lines. */
export function taxLines(taxes: readonly (TaxAmount | null)[], currency: string) {
  return taxes.filter((tax) => tax !== null).map(({ title, rateBasisPoints, minor }) => ({
    channel_liable: false,
    price: toText(minor, currency),
    price_set: moneySet(minor, currency),
    rate: rateBasisPoints / 10_000,
    title,
  }));
}

/** Writes the lines. A discount stands in `discount_allocations`; `total_discount` stays zero, as in real bodies. */
export function lineItems(order: ShopifyOrderInput, sums: OrderSums) {
  const { currency } = order;
  return order.lines.map((line, at) => {
    const sum = sums.lines[at] ?? { gross: 0, discount: 0, tax: null };
    const id = lineId(order.id, at);
    const left = order.cancelled ? 0 : line.quantity;
    return {
      id,
      admin_graphql_api_id: `gid://shopify/LineItem/${id}`,
      attributed_staffs: [],
      current_quantity: left,
      fulfillable_quantity: left,
      fulfillment_service: 'manual',
      fulfillment_status: null,
      gift_card: false,
      grams: line.grams ?? 0,
      name: nameOf(line),
      price: toText(toMinor(line.price, currency), currency),
      price_set: moneySet(toMinor(line.price, currency), currency),
      product_exists: line.productId !== null,
      product_id: line.productId,
      properties: Object.entries(line.properties ?? {}).map(([name, value]) => ({ name, value })),
      quantity: line.quantity,
      requires_shipping: true,
      sales_line_item_group_id: null,
      sku: line.sku,
      taxable: line.tax !== undefined,
      title: line.title,
      total_discount: toText(0, currency),
      total_discount_set: moneySet(0, currency),
      variant_id: line.variantId,
      variant_inventory_management: line.variantId === null ? null : 'shopify',
      variant_title: line.variantTitle ?? null,
      vendor: line.productId === null ? null : 'Quanyu Fake Goods',
      tax_lines: taxLines([sum.tax], currency),
      duties: [],
      discount_allocations: sum.discount === 0 ? [] : [
        { amount: toText(sum.discount, currency), amount_set: moneySet(sum.discount, currency), discount_application_index: 0 },
      ],
    };
  });
}

const nameOf = ({ title, variantTitle }: ShopifyLineInput): string => (variantTitle ? `${title} - ${variantTitle}` : title);

/** Gives the n-th line of an order its id, unlike any other order's. */
export const lineId = (orderId: number, at: number): number => 15_000_000_000_000 + (orderId % 10_000_000_000) * 100 + at;
