import type { EntityManager } from '@mikro-orm/postgresql';
import { once, refuse, type GraphContext, type Refusal } from '@quanyu/subgraph';
import { actorOf } from '../../domain/actor.js';
import { actionRefusal } from '../../domain/order-actions.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { Parcel } from '../../entities/parcel.entity.js';
import type { OrdersErrorCode } from '../../errors.js';
import { advanceOrder } from '../life/advance-order.js';
import { actionable, hasOpenException, lockOrder } from '../life/load-order.js';
import { sendParcel, type Sent } from './send-parcel.js';
import { isCarrier, isTracking } from '../after-sale/treat-after-sale.js';

export interface ShipOrder {
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** Which of the carrier's services, in its own words. */
  readonly service?: string | null;
  /** Null: all that is left. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[] | null;
  readonly idempotencyKey: string;
}

/**
 * Sends a parcel of an order, the whole or a part. The channel is told of its number by the event, and stock lets its
 * units go. A number that is known for the order is that parcel: scanning it twice is no error.
 */
export function shipOrder(ctx: GraphContext, input: ShipOrder): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  return ctx.write('ship-order', (em) => once(em, ctx.viewer.tenantId, { mutation: 'shipOrder', key: input.idempotencyKey, input }, () => shipWithin(em, ctx, input)));
}

/** The same, inside a transaction that does more. */
export async function shipWithin(em: EntityManager, ctx: GraphContext, input: Omit<ShipOrder, 'idempotencyKey'>): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  const order = await lockOrder(em, input.orderId);
  if (order === null || !ctx.viewer.seesChannel(order.connectionId)) return refuse('ORDER_NOT_FOUND', 'orderId');
  if (!isCarrier(input.carrier) || !isTracking(input.trackingNumber)) return refuse('TRACKING_INVALID', 'trackingNumber');
  if (input.service && !/^[\w.-]{1,64}$/.test(input.service)) return refuse('TRACKING_INVALID', 'service');
  if ((await em.count(Parcel, { orderId: order.id, trackingNumber: input.trackingNumber })) > 0) return { kind: 'done', orderId: order.id };
  const refusal = actionRefusal(actionable(order, await hasOpenException(em, order)), 'SHIP');
  return refusal === null ? send(em, ctx, order, input) : refuse(refusal, 'orderId');
}

async function send(em: EntityManager, ctx: GraphContext, order: NonNullable<Awaited<ReturnType<typeof lockOrder>>>, input: Omit<ShipOrder, 'idempotencyKey'>): Promise<{ readonly kind: 'done'; readonly orderId: string } | Refusal<OrdersErrorCode>> {
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  const sent = partOf(lines, input.lines);
  if ('kind' in sent) return sent;
  const change = { at: new Date(), by: actorOf(ctx.viewer) };
  await sendParcel(em, order, lines, { by: 'US', carrier: input.carrier, trackingNumber: input.trackingNumber, service: input.service ?? null, sent }, change, ctx.deps.vault);
  await advanceOrder(em, order, change);
  return { kind: 'done', orderId: order.id };
}

function partOf(lines: readonly OrderLineRow[], asked: ShipOrder['lines']): Sent[] | Refusal<OrdersErrorCode> {
  const left = ({ quantity, shippedQuantity }: OrderLineRow): number => quantity - shippedQuantity;
  if (asked === null) return lines.filter((line) => left(line) > 0).map((line) => ({ line, quantity: left(line) }));
  if (asked.length === 0 || new Set(asked.map(({ lineId }) => lineId)).size < asked.length) return refuse('LINES_INVALID', 'lines');
  const sent: Sent[] = [];
  for (const [place, { lineId, quantity }] of asked.entries()) {
    const line = lines.find(({ id }) => id === lineId);
    if (line === undefined) return refuse('LINE_NOT_FOUND', 'lines', `${place}`, 'lineId');
    if (!Number.isInteger(quantity) || quantity < 1) return refuse('QUANTITY_INVALID', 'lines', `${place}`, 'quantity');
    if (quantity > left(line)) return refuse('MORE_THAN_BOUGHT', 'lines', `${place}`, 'quantity');
    sent.push({ line, quantity });
  }
  return sent;
}
