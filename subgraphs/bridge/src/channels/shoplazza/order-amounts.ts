import type { CurrencyCode } from '@quanyu/money';
import type { ToldOrder } from '../channel.js';
import { itemsOf } from '../reading/order-sums.js';
import type { ShoplazzaOrder } from './order-body.js';

/**
 * What the order is made of. Tips, gift cards and extra charges stay between the parts and the total.
 * @throws MoneyError `AMOUNT_OUT_OF_RANGE` when the lines add up to more than an order can.
 */
export function amountsOf(order: ShoplazzaOrder, currency: CurrencyCode, lines: ToldOrder['lines']): ToldOrder['amounts'] {
  const parts = {
    itemsMinor: itemsOf(lines, currency),
    discountMinor: order.total_discount ?? 0,
    shippingMinor: order.total_shipping ?? 0,
    taxMinor: order.total_tax ?? 0,
    totalMinor: order.total_price,
  };
  return { currency, ...parts, taxesIncluded: order.product_tax_included ?? isTaxWithin(parts, order.sub_total ?? null) };
}

/** Where the order does not say it: the tax is within the prices when the total is reached without it. */
function isTaxWithin({ itemsMinor, discountMinor, shippingMinor, taxMinor, totalMinor }: Omit<ToldOrder['amounts'], 'currency' | 'taxesIncluded'>, subTotalMinor: number | null): boolean {
  const withoutTax = itemsMinor - discountMinor + shippingMinor;
  if (taxMinor === 0 || totalMinor === withoutTax + taxMinor) return false;
  return totalMinor === withoutTax || (subTotalMinor !== null && totalMinor === subTotalMinor + shippingMinor);
}
