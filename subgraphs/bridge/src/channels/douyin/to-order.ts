import { z } from 'zod';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { count, id, words } from '../reading/order-fields.js';
import { firstOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import { countable, itemsOf, sumOf } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { externalSku, notAnOrder, rawStatusOf, shortened } from '../reading/order-words.js';
import { skuName } from './sku-name.js';

const CNY = 'CNY';
const text = z.union([z.string(), z.number()]).transform(String);
/** Fen. */
const fen = text.pipe(z.string().regex(/^\d{1,15}$/)).transform(Number);
/** Seconds since 1970; 0 stands for never. */
const time = text.pipe(z.string().regex(/^\d{1,11}$/)).transform((seconds) => (seconds === '0' ? null : new Date(Number(seconds) * 1000)));
const place = z.object({ name: words.nullish() }).nullish();

const orderBody = z.object({
  order_id: id, order_status: count, main_status: count.nullish(), create_time: time.nullish(), update_time: time.nullish(), pay_time: time.nullish(), finish_time: time.nullish(),
  pay_amount: fen, post_amount: fen.nullish(), promotion_platform_amount: fen.nullish(), open_id: words.nullish(), buyer_words: words.nullish(), seller_words: words.nullish(), doudian_open_id: words.nullish(),
  mask_post_receiver: words.nullish(), mask_post_tel: words.nullish(), encrypt_post_receiver: words.nullish(), encrypt_post_tel: words.nullish(),
  post_addr: z.object({ encrypt_detail: words.nullish() }).nullish(),
  mask_post_addr: z.object({ province: place, city: place, town: place, street: place, detail: words.nullish() }).nullish(),
  sku_order_list: z.array(z.object({
    order_id: id, item_num: count, origin_amount: fen, pay_amount: fen.nullish(), product_name: words.nullish(), code: words.nullish(), out_sku_id: words.nullish(), sku_id: words.nullish(),
    after_sale_info: z.object({ after_sale_status: count.nullish(), refund_status: count.nullish() }).nullish().catch(null),
  })),
});
type DouyinOrder = z.output<typeof orderBody>;

/** The main status says more where both are there: 103 is paid in part, 21, 22 and 39 went back after shipping or before. */
const PAYMENT: Readonly<Record<number, ToldOrder['paymentState']>> = { 1: 'PENDING', 103: 'PARTIALLY_PAID', 105: 'PAID', 2: 'PAID', 101: 'PAID', 3: 'PAID', 5: 'PAID', 4: 'VOIDED', 21: 'REFUNDED', 22: 'REFUNDED', 39: 'REFUNDED' };
const ENDED = [4, 21];

/** Makes our order of a Douyin shop's. Pure: sealing and indexing come with the context. Only masked names and places are read, and the ciphertexts that its waybills take, unopened. */
export function toOrder(body: unknown, { privacy }: OrderContext): Translated {
  const read = orderBody.safeParse(body);
  if (!read.success) return notAnOrder(read.error.issues[0]?.path.join('.') || 'body');
  const order = read.data;
  const updatedAt = order.update_time ?? order.create_time;
  if (!updatedAt) return notAnOrder('update_time');
  const lines = linesOf(order);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'sku_order_list' };
  const amounts = countable(() => amountsOf(order, lines));
  if (amounts === null) return notAnOrder('sku_order_list');
  const status = order.main_status ?? order.order_status;
  const cancelled = ENDED.includes(status);
  const to = order.mask_post_addr;
  const data: ToldOrder = {
    externalOrderId: order.order_id, orderNumber: order.order_id,
    placedAt: (order.create_time ?? updatedAt).toISOString(), updatedAt: updatedAt.toISOString(),
    // Cancelled after it was paid: the money went back.
    paymentState: status === 4 && order.pay_time ? 'REFUNDED' : PAYMENT[status] ?? 'PENDING',
    cancelledAt: cancelled ? (order.finish_time ?? updatedAt).toISOString() : null,
    rawStatus: rawStatusOf(order.order_status, status, ...afterSaleOf(order)), amounts, lines,
    customer: sealedCustomer({ id: firstOf(order.doudian_open_id, order.open_id), name: null, phone: null, email: null }, 'CN', privacy),
    sealedShipTo: sealedParcel({
      name: firstOf(order.mask_post_receiver), phone: firstOf(order.mask_post_tel), address1: firstOf([to?.town?.name, to?.street?.name, to?.detail].filter(Boolean).join('')), address2: null,
      city: firstOf(to?.city?.name), province: firstOf(to?.province?.name), postalCode: null, countryCode: to || order.mask_post_receiver ? 'CN' : null, ...(order.encrypt_post_tel && { oaid: ciphersOf(order) }),
    }, 'CN', order.order_id, privacy),
    ...wishesOf({ buyer: order.buyer_words, seller: order.seller_words }, order.order_id, privacy),
  };
  return { kind: 'order', data };
}

/** As its waybills take them: name, phone, street. */
const ciphersOf = ({ encrypt_post_receiver: name, encrypt_post_tel: phone, post_addr: place }: DouyinOrder): string => JSON.stringify([name ?? '', phone ?? '', place?.encrypt_detail ?? '']);

/** An after-sale is a line's: asked for, on its way back or in dispute; and the money, on its way back too. */
const OPEN_CASES = [6, 7, 11, 13, 14, 29];
const MONEY_MOVES = [1, 2];
function afterSaleOf({ sku_order_list: lines }: DouyinOrder): readonly (number | null)[] {
  const told = lines.map(({ after_sale_info: info }) => info);
  return [told.find((info) => OPEN_CASES.includes(info?.after_sale_status ?? 0))?.after_sale_status ?? null, told.find((info) => MONEY_MOVES.includes(info?.refund_status ?? 0))?.refund_status ?? null];
}

const linesOf = ({ sku_order_list }: DouyinOrder): ToldOrder['lines'] => sku_order_list.flatMap((line, at) => (line.item_num === 0 ? [] : [{
  externalLineId: line.order_id, externalSku: externalSku({ sku: skuName(line), variantId: line.sku_id, title: line.product_name }, at),
  title: shortened(line.product_name ?? ''), quantity: line.item_num, unitPriceMinor: line.origin_amount,
  discountMinor: Math.max(0, line.origin_amount * line.item_num - (line.pay_amount ?? line.origin_amount * line.item_num)),
}]));

/** The buyer pays `pay_amount`, with postage. What the platform gave to it stays between the parts and the total. */
function amountsOf(order: DouyinOrder, lines: ToldOrder['lines']): ToldOrder['amounts'] {
  const itemsMinor = itemsOf(lines, CNY);
  return {
    currency: CNY, itemsMinor, discountMinor: Math.min(sumOf(lines.map(({ discountMinor }) => discountMinor), CNY), itemsMinor), shippingMinor: order.post_amount ?? 0,
    taxMinor: 0, taxesIncluded: true, totalMinor: order.pay_amount,
  };
}
