import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { countable } from '../order-sums.js';
import { notAnOrder, paymentStateOf, shortNumber, statusWord, type PaymentStates } from '../order-words.js';
import { amountsOf } from './order-amounts.js';
import { isGraphOrder, webhookBodyOf } from './from-graph.js';
import { readOrder, type ShopifyOrder } from './order-body.js';
import { isEdited, soldLines } from './order-lines.js';
import { customerOf, shipToOf } from './order-people.js';

const PAYMENT_STATES: PaymentStates = {
  pending: 'PENDING', authorized: 'AUTHORIZED', partially_paid: 'PARTIALLY_PAID', paid: 'PAID',
  partially_refunded: 'PARTIALLY_REFUNDED', refunded: 'REFUNDED', voided: 'VOIDED', expired: 'EXPIRED',
};

/** Makes our order of Shopify's. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, context: OrderContext): Translated {
  const read = readOrder(isGraphOrder(body) ? webhookBodyOf(body) : body);
  if ('path' in read) return notAnOrder(read.path);
  const { order, currency } = read;
  const updatedAt = order.updated_at ?? context.triggeredAt ?? order.created_at;
  const placedAt = order.processed_at ?? order.created_at ?? updatedAt;
  if (!updatedAt || !placedAt) return notAnOrder('updated_at');
  const edited = isEdited(order);
  const lines = soldLines(order, currency, edited);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'line_items' };
  const amounts = countable(() => amountsOf(order, currency, lines, edited));
  if (amounts === null) return notAnOrder('line_items');
  const financial = statusWord(order.financial_status, 'none');
  const data: ToldOrder = {
    externalOrderId: order.id,
    orderNumber: orderNumber(order),
    placedAt: placedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    paymentState: paymentStateOf(PAYMENT_STATES, financial),
    cancelledAt: cancelledAt(order, context, updatedAt),
    rawStatus: `${financial}/${statusWord(order.fulfillment_status, 'unfulfilled')}`,
    amounts,
    lines,
    customer: customerOf(order, context.privacy),
    sealedShipTo: shipToOf(order, context.privacy),
  };
  return { kind: 'order', data };
}

const orderNumber = (order: ShopifyOrder): string => {
  const number = order.order_number || order.number;
  return shortNumber(order.name || (number ? `#${number}` : order.id));
};

/** Shopify's cancel notice may come with a snapshot from before: its topic is enough. */
const cancelledAt = (order: ShopifyOrder, { cancelled }: OrderContext, updatedAt: Date): string | null =>
  (order.cancelled_at ?? (cancelled ? updatedAt : null))?.toISOString() ?? null;
