import { z } from 'zod';
import { fromBeijing } from '../reading/beijing-time.js';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { amountIn, count, id, words } from '../reading/order-fields.js';
import { firstOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import { countable, itemsOf, sumOf } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { externalSku, notAnOrder, paymentStateOf, rawStatusOf, shortened, statusWord, type PaymentStates } from '../reading/order-words.js';

const CNY = 'CNY';
const amount = amountIn(CNY);
const time = words.transform(fromBeijing);

// What is not used is not looked at, what is used must be right. Personal data come masked, and stay so.
const tradeBody = z.object({
  tid: id, status: words, created: time.nullish(), pay_time: time.nullish(), end_time: time.nullish(), modified: time.nullish(),
  payment: amount, post_fee: amount.nullish(),
  buyer_message: words.nullish(), seller_memo: words.nullish(), shipping_type: words.nullish(),
  buyer_open_uid: words.nullish(), receiver_name: words.nullish(), receiver_mobile: words.nullish(), receiver_phone: words.nullish(),
  receiver_state: words.nullish(), receiver_city: words.nullish(), receiver_district: words.nullish(), receiver_town: words.nullish(), receiver_address: words.nullish(), receiver_zip: words.nullish(), oaid: words.nullish(),
  orders: z.object({
    order: z.array(z.object({
      oid: id, num: count, price: amount, divide_order_fee: amount.nullish(), payment: amount.nullish(), title: words.nullish(),
      refund_status: words.nullish(), outer_sku_id: words.nullish(), outer_iid: words.nullish(), sku_id: words.nullish(), num_iid: words.nullish(),
    })),
  }),
});
type Trade = z.output<typeof tradeBody>;

const PAYMENT_STATES: PaymentStates = {
  trade_no_create_pay: 'PENDING', wait_buyer_pay: 'PENDING', pay_pending: 'PENDING', wait_pre_auth_confirm: 'PENDING', paid_forbid_consign: 'PAID',
  wait_seller_send_goods: 'PAID', seller_consigned_part: 'PAID', wait_buyer_confirm_goods: 'PAID', trade_buyer_signed: 'PAID', trade_finished: 'PAID',
  trade_closed: 'REFUNDED', trade_closed_by_taobao: 'VOIDED',
};
const ENDED = ['trade_closed', 'trade_closed_by_taobao'];

/** Makes our order of a trade. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, { privacy }: OrderContext): Translated {
  const read = tradeBody.safeParse(body);
  if (!read.success) return notAnOrder(read.error.issues[0]?.path.join('.') || 'body');
  const trade = read.data;
  const updatedAt = trade.modified ?? trade.created;
  if (!updatedAt) return notAnOrder('modified');
  const lines = linesOf(trade);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'orders.order' };
  const amounts = countable(() => amountsOf(trade, lines));
  if (amounts === null) return notAnOrder('orders.order');
  const status = statusWord(trade.status, 'none');
  const data: ToldOrder = {
    externalOrderId: trade.tid, orderNumber: trade.tid,
    placedAt: (trade.created ?? updatedAt).toISOString(), updatedAt: updatedAt.toISOString(),
    // Closed without having been paid: nothing went back.
    paymentState: status === 'trade_closed' && !trade.pay_time ? 'VOIDED' : paymentStateOf(PAYMENT_STATES, status),
    cancelledAt: ENDED.includes(status) ? (trade.end_time ?? updatedAt).toISOString() : null,
    rawStatus: rawStatusOf(status, refundOf(trade)), amounts, lines,
    customer: sealedCustomer({ id: trade.buyer_open_uid, name: null, phone: null, email: null }, 'CN', privacy),
    sealedShipTo: sealedParcel({
      name: firstOf(trade.receiver_name), phone: firstOf(trade.receiver_mobile, trade.receiver_phone),
      address1: firstOf([trade.receiver_district, trade.receiver_town, trade.receiver_address].filter(Boolean).join('')), address2: null,
      city: firstOf(trade.receiver_city), province: firstOf(trade.receiver_state), postalCode: firstOf(trade.receiver_zip), countryCode: 'CN', ...(trade.oaid && { oaid: trade.oaid }),
    }, 'CN', trade.tid, privacy),
    ...wishesOf({ buyer: trade.buyer_message, seller: trade.seller_memo, shippingMethod: trade.shipping_type }, trade.tid, privacy),
  };
  return { kind: 'order', data };
}

/** An after-sale is a line's: of several the one that is furthest from its end. */
const OPEN_CASES = ['wait_seller_agree', 'wait_buyer_return_goods', 'wait_seller_confirm_goods', 'seller_refuse_buyer'];
function refundOf({ orders }: Trade): string | null {
  const told = orders.order.map((line) => statusWord(line.refund_status, 'no_refund'));
  return OPEN_CASES.find((word) => told.includes(word)) ?? null;
}

const linesOf = ({ orders }: Trade): ToldOrder['lines'] => orders.order.flatMap((line, at) => (line.num === 0 ? [] : [{
  externalLineId: line.oid,
  externalSku: externalSku({ sku: firstOf(line.outer_sku_id, line.outer_iid), variantId: firstOf(line.sku_id, line.num_iid), title: line.title }, at),
  title: shortened(line.title ?? ''), quantity: line.num, unitPriceMinor: line.price,
  // divide_order_fee is what the buyer paid for the line after all that was taken off the trade as a whole.
  discountMinor: Math.max(0, line.price * line.num - (line.divide_order_fee ?? line.payment ?? line.price * line.num)),
}]));

/** The buyer pays `payment`, with postage; VAT is within the prices. What was added by hand stays between the parts and the total. */
function amountsOf(trade: Trade, lines: ToldOrder['lines']): ToldOrder['amounts'] {
  const itemsMinor = itemsOf(lines, CNY);
  const shippingMinor = trade.post_fee ?? 0;
  return {
    currency: CNY, itemsMinor, shippingMinor, discountMinor: Math.min(sumOf(lines.map(({ discountMinor }) => discountMinor), CNY), itemsMinor),
    taxMinor: 0, taxesIncluded: true, totalMinor: trade.payment,
  };
}
