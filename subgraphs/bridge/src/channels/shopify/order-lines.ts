import { allocate, money, type CurrencyCode } from '@quanyu/money';
import type { ToldOrder } from '../channel.js';
import { externalSku, goodsId, shortened } from '../reading/order-words.js';
import type { ShopifyLine, ShopifyOrder } from './order-body.js';

type Line = ToldOrder['lines'][number];

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** Old bodies carry a line's discount as one figure, newer ones as allocations beside a zero. */
export const lineDiscount = (line: ShopifyLine): number => {
  const allocated = sum((line.discount_allocations ?? []).map(({ amount }) => amount));
  return allocated === 0 ? line.total_discount ?? 0 : allocated;
};

const ENDED = ['voided', 'expired', 'refunded'];

/**
 * Whether lines were taken out by an edit. Shopify lowers `current_quantity` for refunds and cancellations too; those
 * have a road of their own and must not look like another order: units refunded with money, and ended orders, do not count.
 */
export function isEdited(order: ShopifyOrder): boolean {
  if ((order.cancelled_at ?? null) !== null || ENDED.includes((order.financial_status ?? '').toLowerCase()) || (order.current_total_price ?? null) === null) return false;
  const refunded = new Map<string, number>();
  for (const refund of order.refunds ?? []) {
    if ((refund.transactions ?? []).length === 0) continue;
    for (const { line_item_id, quantity } of refund.refund_line_items ?? []) {
      if (line_item_id) refunded.set(line_item_id, (refunded.get(line_item_id) ?? 0) + quantity);
    }
  }
  return order.line_items.some((line) => line.quantity - unitsNow(line) > (refunded.get(line.id ?? '') ?? 0));
}

const unitsNow = (line: ShopifyLine): number => line.current_quantity ?? line.quantity;

/** The lines as they were sold, or, of an edited order, as they stand now. Lines without units are left out. */
export function soldLines(order: ShopifyOrder, currency: CurrencyCode, edited: boolean): Line[] {
  return order.line_items.flatMap((line, at) => {
    const quantity = edited ? unitsNow(line) : line.quantity;
    if (quantity === 0) return [];
    return [{
      externalLineId: line.id ?? `line-${at + 1}`,
      externalSku: externalSku({ sku: line.sku, variantId: line.variant_id, title: line.title }, at),
      title: shortened(line.title ?? ''),
      quantity,
      unitPriceMinor: line.price,
      discountMinor: shareOf(lineDiscount(line), currency, quantity, line.quantity),
      externalProductId: goodsId(line.product_id), externalVariantId: goodsId(line.variant_id),
    }];
  });
}

const shareOf = (minor: number, currency: CurrencyCode, part: number, whole: number): number =>
  part >= whole ? minor : allocate(money(minor, currency), [part, whole - part])[0]!.amountMinor;
