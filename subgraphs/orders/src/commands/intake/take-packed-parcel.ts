import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventOf, parcelPacked } from '@quanyu/events';
import type { Vault } from '@quanyu/pii';
import { channelActor } from '../../domain/actor.js';
import { OrderLine, type OrderLineRow } from '../../entities/order-line.entity.js';
import { Parcel } from '../../entities/parcel.entity.js';
import { advanceOrder } from '../life/advance-order.js';
import { raiseException } from '../life/exceptions.js';
import { lockOrder } from '../life/load-order.js';
import { sendParcel, type Sent } from '../shipping/send-parcel.js';

type Packed = EventOf<typeof parcelPacked>['data'];

/**
 * Takes over a parcel that a system outside has packed for us. A number that is known for the order is that parcel. The
 * goods are gone whatever we think of the order: where they must not be, a person is told.
 */
export async function takePackedParcel(em: EntityManager, vault: Vault, packed: Packed): Promise<void> {
  const order = await lockOrder(em, packed.orderId);
  if (order === null || (await em.count(Parcel, { orderId: order.id, trackingNumber: packed.trackingNumber })) > 0) return;
  const change = { at: new Date(), by: channelActor(packed.connectionId) };
  if (order.status === 'CANCELLED' || order.stockState !== 'HELD') return raiseException(em, order, 'SHIPPED_EARLY', [packed.trackingNumber], change);
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  await sendParcel(em, order, lines, { by: 'US', carrier: packed.carrier, trackingNumber: packed.trackingNumber, service: packed.service ?? null, sent: contentOf(lines, packed.lines) }, change, vault);
  await advanceOrder(em, order, change);
}

/** Never more than is left: a second box of the same goods holds a number and no units. */
function contentOf(lines: readonly OrderLineRow[], told: Packed['lines']): Sent[] {
  return lines.flatMap((line) => {
    const left = line.quantity - line.shippedQuantity;
    const asked = told === null ? left : told.filter(({ lineId }) => lineId === line.id).reduce((sum, { quantity }) => sum + quantity, 0);
    const quantity = Math.min(left, asked);
    return quantity > 0 ? [{ line, quantity }] : [];
  });
}
