import type { EntityManager } from '@mikro-orm/postgresql';
import { orderShipped } from '@quanyu/events';
import { newId, type Id } from '@quanyu/ids';
import { record } from '@quanyu/outbox';
import { completeAfter } from '../domain/complete-after.js';
import type { OrderLineRow } from '../entities/order-line.entity.js';
import { Parcel, ParcelLine } from '../entities/parcel.entity.js';
import type { SalesOrderRow } from '../entities/sales-order.entity.js';
import { note, type Change } from './timeline.js';

/** What goes into a parcel: lines of the order, each with how much of it. */
export interface Sent { readonly line: OrderLineRow; readonly quantity: number }

interface NewParcel { readonly by: 'US' | 'CHANNEL'; readonly carrier: string | null; readonly trackingNumber: string | null; readonly sent: readonly Sent[] }

/**
 * Enters a parcel of an order and tells of it: the bridge writes its number back, inventory lets its units go. The
 * caller advances the order afterwards.
 */
export async function sendParcel(em: EntityManager, order: SalesOrderRow, lines: readonly OrderLineRow[], parcel: NewParcel, change: Change): Promise<Id<'prl'>> {
  const id = newId('prl');
  const { tenantId, connectionId } = order;
  em.create(Parcel, { id, tenantId, orderId: order.id, connectionId, shippedBy: parcel.by, carrier: parcel.carrier, trackingNumber: parcel.trackingNumber, shippedAt: change.at });
  for (const { line, quantity } of parcel.sent) {
    em.create(ParcelLine, { parcelId: id, orderLineId: line.id, tenantId, quantity });
    line.shippedQuantity += quantity;
  }
  const complete = lines.every((line) => line.shippedQuantity >= line.quantity);
  order.shipped = complete ? 'ALL' : 'PART';
  if (complete) {
    order.shippedAt = change.at;
    order.completeAt = completeAfter(change.at, await completeDays(em, order));
  } else {
    note(em, order, change, 'PARTLY_SHIPPED', { parcelId: id, carrier: parcel.carrier });
  }
  record(em, orderShipped({
    tenantId, sequence: order.version + 1,
    data: {
      orderId: order.id, connectionId, parcelId: id, externalOrderId: order.externalOrderId, by: parcel.by, carrier: parcel.carrier, trackingNumber: parcel.trackingNumber,
      lines: parcel.sent.map(({ line, quantity }) => ({ lineId: line.id, externalLineId: line.externalLineId, skuId: line.skuId!, quantity })),
      complete, shippedAt: change.at.toISOString(), confirmedAt: (order.confirmedAt ?? change.at).toISOString(),
    },
  }));
  return id;
}

async function completeDays(em: EntityManager, { tenantId, connectionId }: SalesOrderRow): Promise<number | null> {
  const [row] = await em.execute<{ complete_days: number }[]>('select complete_days from channel_rule where tenant_id = ? and connection_id = ?', [tenantId, connectionId]);
  return row?.complete_days ?? null;
}
