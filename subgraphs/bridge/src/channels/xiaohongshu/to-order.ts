import { z } from 'zod';
import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { count, id, linesOf as linesField, words } from '../reading/order-fields.js';
import { firstOf, sealedCustomer, sealedParcel } from '../reading/order-people.js';
import { countable, itemsOf, sumOf } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { externalSku, notAnOrder, rawStatusOf, shortened } from '../reading/order-words.js';

const CNY = 'CNY';
const text = z.union([z.string(), z.number()]).transform(String);
/** Fen. */
const fen = text.pipe(z.string().regex(/^\d{1,13}$/)).transform(Number);
/** Milliseconds since 1970; 0 stands for never. */
const time = text.pipe(z.string().regex(/^\d{1,14}$/)).transform((ms) => (ms === '0' ? null : new Date(Number(ms))));

// People are known to the platform alone: only province and city come with an order.
const orderBody = z.object({
  orderId: id, orderStatus: count, orderAfterSalesStatus: count.nullish(), createdTime: time.nullish(), paidTime: time.nullish(), updateTime: time.nullish(), finishTime: time.nullish(),
  totalPayAmount: fen, totalShippingFree: fen.nullish(), userId: words.nullish(), customerRemark: words.nullish(), sellerRemark: words.nullish(),
  receiverProvinceName: words.nullish(), receiverCityName: words.nullish(), receiverDistrictName: words.nullish(), openAddressId: words.nullish(),
  skuList: linesField(z.object({ skuId: id, skuName: words.nullish(), erpcode: words.nullish(), skuQuantity: count, totalPaidAmount: fen, totalMerchantDiscount: fen.nullish(), totalRedDiscount: fen.nullish() })),
});
type Order = z.output<typeof orderBody>;

const UNPAID = 1;
const NO_CASE = 1;
const CLOSED = [8, 9];

/** Makes our order of Xiaohongshu's. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, { privacy }: OrderContext): Translated {
  const read = orderBody.safeParse(body);
  if (!read.success) return notAnOrder(read.error.issues[0]?.path.join('.') || 'body');
  const order = read.data;
  const updatedAt = order.updateTime ?? order.createdTime;
  if (!updatedAt) return notAnOrder('updateTime');
  const lines = soldLines(order);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'skuList' };
  const amounts = countable(() => ({
    currency: CNY, itemsMinor: itemsOf(lines, CNY), discountMinor: sumOf(lines.map(({ discountMinor }) => discountMinor), CNY), shippingMinor: order.totalShippingFree ?? 0,
    taxMinor: 0, taxesIncluded: true, totalMinor: order.totalPayAmount,
  }));
  if (amounts === null) return notAnOrder('skuList');
  const isClosed = CLOSED.includes(order.orderStatus);
  const data: ToldOrder = {
    externalOrderId: order.orderId, orderNumber: order.orderId, placedAt: (order.createdTime ?? updatedAt).toISOString(), updatedAt: updatedAt.toISOString(),
    // Closed after it was paid: the money went back.
    paymentState: isClosed ? order.paidTime ? 'REFUNDED' : 'VOIDED' : order.orderStatus === UNPAID ? 'PENDING' : 'PAID',
    cancelledAt: isClosed ? (order.finishTime ?? updatedAt).toISOString() : null, rawStatus: rawStatusOf(order.orderStatus, order.orderAfterSalesStatus === NO_CASE ? null : order.orderAfterSalesStatus ?? null), amounts, lines,
    customer: sealedCustomer({ id: firstOf(order.userId), name: null, phone: null, email: null }, 'CN', privacy),
    sealedShipTo: sealedParcel({
      name: null, phone: null, address1: firstOf(order.receiverDistrictName), address2: null, city: firstOf(order.receiverCityName), province: firstOf(order.receiverProvinceName), postalCode: null,
      countryCode: order.receiverProvinceName ? 'CN' : null, ...(order.openAddressId && { oaid: order.openAddressId }),
    }, 'CN', order.orderId, privacy),
    ...wishesOf({ buyer: order.customerRemark, seller: order.sellerRemark }, order.orderId, privacy),
  };
  return { kind: 'order', data };
}

/** A line tells what was paid and what was taken off; a price that does not divide evenly is rounded up, and the rest is discount. */
const soldLines = ({ skuList }: Order): ToldOrder['lines'] => skuList.flatMap((line, at) => {
  if (line.skuQuantity === 0) return [];
  const gross = line.totalPaidAmount + (line.totalMerchantDiscount ?? 0) + (line.totalRedDiscount ?? 0);
  const unitPriceMinor = Math.ceil(gross / line.skuQuantity);
  return [{
    externalLineId: line.skuId, externalSku: externalSku({ sku: line.erpcode, variantId: line.skuId, title: line.skuName }, at), title: shortened(line.skuName ?? ''),
    quantity: line.skuQuantity, unitPriceMinor, discountMinor: unitPriceMinor * line.skuQuantity - line.totalPaidAmount,
  }];
});
