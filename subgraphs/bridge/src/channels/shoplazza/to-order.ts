import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { countable } from '../reading/order-sums.js';
import { wishesOf } from '../reading/order-wishes.js';
import { notAnOrder, paymentStateOf, shortNumber, statusWord, type PaymentStates } from '../reading/order-words.js';
import { amountsOf } from './order-amounts.js';
import { readOrder, type ShoplazzaOrder } from './order-body.js';
import { soldLines } from './order-lines.js';
import { customerOf, shipToOf } from './order-people.js';

const PAYMENT_STATES: PaymentStates = {
  // After a failed try the buyer may try again; an order that ends cannot come back.
  waiting: 'PENDING', paying: 'PENDING', failed: 'PENDING', authorized: 'AUTHORIZED', partially_paid: 'PARTIALLY_PAID',
  // Money that is to go back has not gone yet.
  paid: 'PAID', refunding: 'PAID', refund_failed: 'PAID',
  partially_refunded: 'PARTIALLY_REFUNDED', refunded: 'REFUNDED', cancelled: 'VOIDED',
};

/** Makes our order of Shoplazza's. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, context: OrderContext): Translated {
  const read = readOrder(body);
  if ('path' in read) return notAnOrder(read.path);
  const { order, currency } = read;
  const updatedAt = order.updated_at ?? context.triggeredAt ?? order.placed_at ?? order.created_at;
  // created_at is when the buyer came to the till.
  const placedAt = order.placed_at ?? order.created_at ?? updatedAt;
  if (!updatedAt || !placedAt) return notAnOrder('updated_at');
  const lines = soldLines(order);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'line_items' };
  const amounts = countable(() => amountsOf(order, currency, lines));
  if (amounts === null) return notAnOrder('line_items');
  const [status, financial, fulfillment] = [order.status, order.financial_status, order.fulfillment_status].map((word) => statusWord(word, 'none')) as [string, string, string];
  const data: ToldOrder = {
    externalOrderId: order.id,
    orderNumber: shortNumber(order.number ?? order.id),
    placedAt: placedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    paymentState: paymentStateOf(PAYMENT_STATES, financial),
    cancelledAt: cancelledAt(order, context.cancelled || status === 'cancelled', updatedAt),
    rawStatus: `${status}/${financial}/${fulfillment}`,
    amounts,
    lines,
    customer: customerOf(order, context.privacy),
    sealedShipTo: shipToOf(order, context.privacy),
    ...wishesOf({ buyer: order.customer_note, seller: order.note, shippingMethod: order.shipping_line?.name }, order.id, context.privacy),
  };
  return { kind: 'order', data };
}

/** The order's status or the topic ends it. A cancelled fulfilment alone does not: its parcels may be packed anew. */
const cancelledAt = (order: ShoplazzaOrder, cancelled: boolean, updatedAt: Date): string | null =>
  (order.canceled_at ?? order.cancelled_at ?? (cancelled ? updatedAt : null))?.toISOString() ?? null;
