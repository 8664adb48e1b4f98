import { MoneyError } from '@quanyu/money';
import type { OrderContext, OrderReceivedData, Translated } from '../channel.js';
import { amountsOf } from './order-amounts.js';
import { readOrder, type ShopifyOrder } from './order-body.js';
import { isEdited, soldLines } from './order-lines.js';
import { customerOf, sealedShipTo } from './order-people.js';

const PAYMENT_STATES: Readonly<Record<string, OrderReceivedData['paymentState']>> = {
  pending: 'PENDING', authorized: 'AUTHORIZED', partially_paid: 'PARTIALLY_PAID', paid: 'PAID',
  partially_refunded: 'PARTIALLY_REFUNDED', refunded: 'REFUNDED', voided: 'VOIDED', expired: 'EXPIRED',
};

/** A word that is new to us is no money: the order waits, and its raw status shows why. */
const paymentStateOf = (status: string): OrderReceivedData['paymentState'] => (Object.hasOwn(PAYMENT_STATES, status) ? PAYMENT_STATES[status]! : 'PENDING');

const statusWord = (status: string | null | undefined, none: string): string => {
  const word = (status || none).toLowerCase();
  return /^[a-z_]{1,40}$/.test(word) ? word : 'other';
};

const notAnOrder = (path: string): Translated => ({ kind: 'refused', reason: 'BODY_NOT_AN_ORDER', path });

/** Makes our order of Shopify's. Pure: sealing and indexing come with the context. */
export function toOrder(body: unknown, context: OrderContext): Translated {
  const read = readOrder(body);
  if ('path' in read) return notAnOrder(read.path);
  const { order, currency } = read;
  const updatedAt = order.updated_at ?? context.triggeredAt ?? order.created_at;
  const placedAt = order.processed_at ?? order.created_at ?? updatedAt;
  if (!updatedAt || !placedAt) return notAnOrder('updated_at');
  const edited = isEdited(order);
  const lines = soldLines(order, currency, edited);
  if (lines.length === 0) return { kind: 'refused', reason: 'NO_LINES', path: 'line_items' };
  const amounts = orNull(() => amountsOf(order, currency, lines, edited));
  if (amounts === null) return notAnOrder('line_items');
  const financial = statusWord(order.financial_status, 'none');
  return {
    kind: 'order',
    data: {
      connectionId: context.connectionId,
      platform: 'SHOPIFY',
      deliveryId: context.deliveryId,
      externalOrderId: order.id,
      orderNumber: orderNumber(order),
      placedAt: placedAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      paymentState: paymentStateOf(financial),
      cancelledAt: cancelledAt(order, context, updatedAt),
      rawStatus: `${financial}/${statusWord(order.fulfillment_status, 'unfulfilled')}`,
      amounts,
      lines,
      customer: customerOf(order, context.privacy),
      sealedShipTo: sealedShipTo(order, context.privacy),
    },
  };
}

const orderNumber = (order: ShopifyOrder): string => {
  const number = order.order_number || order.number;
  return (order.name || (number ? `#${number}` : order.id)).slice(0, 64);
};

/** Shopify's cancel notice may come with a snapshot from before: its topic is enough. */
const cancelledAt = (order: ShopifyOrder, { cancelled }: OrderContext, updatedAt: Date): string | null =>
  (order.cancelled_at ?? (cancelled ? updatedAt : null))?.toISOString() ?? null;

function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof MoneyError) return null;
    throw error;
  }
}
