import type { OrderContext, ToldOrder, Translated } from '../channel.js';
import { countable } from '../reading/order-sums.js';
import { attributeNotes, wishesOf } from '../reading/order-wishes.js';
import { notAnOrder, paymentStateOf, rawStatusOf, shortNumber, statusWord, type PaymentStates } from '../reading/order-words.js';
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
    rawStatus: rawStatusOf(financial, statusWord(order.fulfillment_status, 'unfulfilled'), furtherOf(order)),
    amounts,
    lines,
    customer: customerOf(order, context.privacy),
    sealedShipTo: shipToOf(order, context.privacy),
    ...wishesOf({ buyer: order.note, shippingMethod: order.shipping_lines?.find(({ is_removed }) => !is_removed)?.title, ...attributeNotes(order.note_attributes ?? []) }, order.id, context.privacy),
  };
  return { kind: 'order', data };
}

/** What has become of it beyond its money and its parcels; of several the one that somebody has to act on. */
function furtherOf({ return_status: returns, refunds, closed_at: closed, fulfillments, fulfillment_status: sent }: ShopifyOrder): string | null {
  if (returns === 'return_requested' || returns === 'in_progress') return 'return_open';
  if (refunds?.some(({ transactions }) => transactions?.some((one) => (one as { status?: unknown } | null)?.status === 'pending'))) return 'refund_pending';
  if (sent !== 'fulfilled') return null;
  const parcels = fulfillments?.filter(({ status }) => status !== 'cancelled') ?? [];
  return parcels.length > 0 && parcels.every(({ shipment_status: where }) => where === 'delivered') ? 'delivered' : closed ? 'closed' : null;
}

const orderNumber = (order: ShopifyOrder): string => {
  const number = order.order_number || order.number;
  return shortNumber(order.name || (number ? `#${number}` : order.id));
};

/** Shopify's cancel notice may come with a snapshot from before: its topic is enough. */
const cancelledAt = (order: ShopifyOrder, { cancelled }: OrderContext, updatedAt: Date): string | null =>
  (order.cancelled_at ?? (cancelled ? updatedAt : null))?.toISOString() ?? null;
