import { z } from 'zod';
import { fromBeijing } from '../reading/beijing-time.js';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { amountIn, count, id, linesOf as linesField, words } from '../reading/order-fields.js';
import { firstOf, sealedParcel } from '../reading/order-people.js';
import { countable, itemsOf } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { externalSku, notAnOrder, rawStatusOf, shortened } from '../reading/order-words.js';

const CNY = 'CNY';
const amount = amountIn(CNY);
const time = words.transform(fromBeijing);

// Personal data come masked and stay so; what is encrypted stays in the sealed body.
const orderBody = z.object({
  order_sn: id, order_status: count, refund_status: count.nullish(), after_sales_status: count.nullish(), created_time: time.nullish(), confirm_time: time.nullish(), updated_at: time.nullish(),
  pay_amount: amount, postage: amount.nullish(), buyer_memo: words.nullish(), remark: words.nullish(),
  receiver_name_mask: words.nullish(), receiver_phone_mask: words.nullish(), province: words.nullish(), city: words.nullish(), town: words.nullish(), address_mask: words.nullish(),
  item_list: linesField(z.object({ goods_id: words.nullish(), sku_id: words.nullish(), outer_id: words.nullish(), outer_goods_id: words.nullish(), goods_name: words.nullish(), goods_count: count, goods_price: amount })),
});
type Order = z.output<typeof orderBody>;

const REFUNDED = 4;
const TO_SHIP = 1;

/** Makes our order of Pinduoduo's, which tells only paid ones. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, { privacy }: OrderContext): Translated {
  const read = orderBody.safeParse(body);
  if (!read.success) return notAnOrder(read.error.issues[0]?.path.join('.') || 'body');
  const order = read.data;
  const placedAt = order.created_time ?? order.confirm_time;
  const updatedAt = order.updated_at ?? placedAt;
  if (!updatedAt) return notAnOrder('updated_at');
  const lines = soldLines(order);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'item_list' };
  const itemsMinor = countable(() => itemsOf(lines, CNY));
  if (itemsMinor === null) return notAnOrder('item_list');
  const shippingMinor = order.postage ?? 0;
  const isRefunded = order.refund_status === REFUNDED;
  const data: ToldOrder = {
    externalOrderId: order.order_sn, orderNumber: order.order_sn, placedAt: (placedAt ?? updatedAt).toISOString(), updatedAt: updatedAt.toISOString(),
    paymentState: isRefunded ? 'REFUNDED' : 'PAID',
    // Refunded after shipping it is a return, not an order that never was.
    cancelledAt: isRefunded && order.order_status === TO_SHIP ? updatedAt.toISOString() : null,
    rawStatus: rawStatusOf(order.order_status, order.refund_status ?? 0, order.after_sales_status || null), lines,
    amounts: {
      currency: CNY, itemsMinor, shippingMinor, taxMinor: 0, taxesIncluded: true, totalMinor: order.pay_amount,
      discountMinor: Math.min(itemsMinor, Math.max(0, itemsMinor + shippingMinor - order.pay_amount)),
    },
    customer: null,
    sealedShipTo: sealedParcel({
      name: firstOf(order.receiver_name_mask), phone: firstOf(order.receiver_phone_mask), address1: firstOf([order.town, order.address_mask].filter(Boolean).join('')), address2: null,
      city: firstOf(order.city), province: firstOf(order.province), postalCode: null, countryCode: order.province ? 'CN' : null,
    }, 'CN', order.order_sn, privacy),
    ...wishesOf({ buyer: order.buyer_memo, seller: order.remark }, order.order_sn, privacy),
  };
  return { kind: 'order', data };
}

const soldLines = ({ order_sn, item_list }: Order): ToldOrder['lines'] => item_list.flatMap((line, at) => (line.goods_count === 0 ? [] : [{
  externalLineId: `${line.sku_id ?? order_sn}#${at + 1}`, externalSku: externalSku({ sku: firstOf(line.outer_id, line.outer_goods_id), variantId: firstOf(line.sku_id, line.goods_id), title: line.goods_name }, at),
  title: shortened(line.goods_name ?? ''), quantity: line.goods_count, unitPriceMinor: line.goods_price, discountMinor: 0,
}]));
