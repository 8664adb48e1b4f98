import type { ToldOrder } from '../channel.js';
import { externalSku, goodsId, shortened } from '../reading/order-words.js';
import type { ShoplazzaOrder } from './order-body.js';

/** The lines as they were sold; those without units are left out. */
export const soldLines = (order: ShoplazzaOrder): ToldOrder['lines'] => order.line_items.flatMap((line, at) => {
  if (line.quantity === 0) return [];
  return [{
    externalLineId: line.id ?? `line-${at + 1}`,
    externalSku: externalSku({ sku: line.sku, variantId: line.variant_id, title: line.product_title }, at),
    title: shortened(line.product_title ?? ''),
    quantity: line.quantity,
    unitPriceMinor: line.price,
    // No field of its own: what the line's total lacks. A total with tax in it may exceed the price.
    discountMinor: Math.max(0, line.price * line.quantity - (line.total ?? line.price * line.quantity)),
    externalProductId: goodsId(line.product_id), externalVariantId: goodsId(line.variant_id),
  }];
});
