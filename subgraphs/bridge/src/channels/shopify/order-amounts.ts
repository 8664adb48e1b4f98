import { money, multiply, sum, type CurrencyCode } from '@quanyu/money';
import type { OrderReceivedData } from '../channel.js';
import type { ShopifyOrder } from './order-body.js';
import { lineDiscount } from './order-lines.js';

type Amounts = OrderReceivedData['amounts'];

/**
 * What the order is made of, in the shop's currency. Tips, duties and rounding stay between the parts and the total.
 * @throws MoneyError `AMOUNT_OUT_OF_RANGE` when the lines add up beyond 2^53.
 */
export function amountsOf(order: ShopifyOrder, currency: CurrencyCode, lines: OrderReceivedData['lines'], edited: boolean): Amounts {
  const total = (amounts: readonly number[]): number => sum(amounts.map((amount) => money(amount, currency)), currency).amountMinor;
  const shipping = (order.shipping_lines ?? []).filter((line) => line.is_removed !== true);
  // Before discounts, as total_discounts holds those of shipping too.
  const shippingAsSold = order.total_shipping_price_set?.shop_money.amount ?? total(shipping.map((line) => line.price));
  const discountAsSold = order.total_discounts
    ?? total([...order.line_items.map(lineDiscount), ...shipping.flatMap((line) => (line.discount_allocations ?? []).map(({ amount }) => amount))]);
  const taxAsSold = order.total_tax ?? total((order.tax_lines ?? []).map(({ price }) => price));
  return {
    currency,
    itemsMinor: total(lines.map((line) => multiply(money(line.unitPriceMinor, currency), line.quantity).amountMinor)),
    discountMinor: (edited ? order.current_total_discounts : null) ?? discountAsSold,
    shippingMinor: (edited ? order.current_shipping_price_set?.shop_money.amount : null) ?? shippingAsSold,
    taxMinor: (edited ? order.current_total_tax : null) ?? taxAsSold,
    taxesIncluded: order.taxes_included ?? false,
    totalMinor: (edited ? order.current_total_price : null) ?? order.total_price,
  };
}
