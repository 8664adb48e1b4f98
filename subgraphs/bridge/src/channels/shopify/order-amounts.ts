import type { CurrencyCode } from '@quanyu/money';
import type { ToldOrder } from '../channel.js';
import { itemsOf, sumOf } from '../reading/order-sums.js';
import type { ShopifyOrder } from './order-body.js';
import { lineDiscount } from './order-lines.js';

/**
 * What the order is made of, in the shop's currency. Tips, duties and rounding stay between the parts and the total.
 * @throws MoneyError `AMOUNT_OUT_OF_RANGE` when the lines add up to more than an order can.
 */
export function amountsOf(order: ShopifyOrder, currency: CurrencyCode, lines: ToldOrder['lines'], edited: boolean): ToldOrder['amounts'] {
  const shipping = (order.shipping_lines ?? []).filter((line) => line.is_removed !== true);
  // Before discounts, as total_discounts holds those of shipping too.
  const shippingAsSold = order.total_shipping_price_set?.shop_money.amount ?? sumOf(shipping.map((line) => line.price), currency);
  const discountAsSold = order.total_discounts
    ?? sumOf([...order.line_items.map(lineDiscount), ...shipping.flatMap((line) => (line.discount_allocations ?? []).map(({ amount }) => amount))], currency);
  const taxAsSold = order.total_tax ?? sumOf((order.tax_lines ?? []).map(({ price }) => price), currency);
  return {
    currency,
    itemsMinor: itemsOf(lines, currency),
    discountMinor: (edited ? order.current_total_discounts : null) ?? discountAsSold,
    shippingMinor: (edited ? order.current_shipping_price_set?.shop_money.amount : null) ?? shippingAsSold,
    taxMinor: (edited ? order.current_total_tax : null) ?? taxAsSold,
    taxesIncluded: order.taxes_included ?? false,
    totalMinor: (edited ? order.current_total_price : null) ?? order.total_price,
  };
}
