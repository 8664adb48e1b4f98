import type { EntityManager } from '@mikro-orm/postgresql';
import { meaningOf } from '../../domain/platform-status.js';
import { OrderLine } from '../../entities/order-line.entity.js';
import type { SalesOrderRow } from '../../entities/sales-order.entity.js';
import { raiseException, resolveExceptions } from '../life/exceptions.js';
import { sendParcel } from './send-parcel.js';
import type { Change } from '../life/timeline.js';

/** Takes over what a channel says of the parcels of its order: it may have shipped them itself. Never back. */
export async function followParcels(em: EntityManager, order: SalesOrderRow, change: Change): Promise<void> {
  if (order.source !== 'CHANNEL' || order.status === 'CANCELLED') return;
  const { status, partlyShipped } = meaningOf(order.platform, order.rawStatus);
  if (status !== 'SHIPPED' && status !== 'COMPLETED') {
    // Which lines have gone the channel does not say here: only the flag is known.
    if (partlyShipped && order.shipped === 'NONE') order.shipped = 'PART';
    return;
  }
  if (status === 'COMPLETED') order.completedAt ??= change.at;
  if (order.shipped === 'ALL') return;
  // It went out without our stock: somebody has to look where it came from.
  if (order.stockState !== 'HELD') return raiseException(em, order, 'SHIPPED_EARLY', [], change);
  await resolveExceptions(em, order, ['SHIPPED_EARLY'], change);
  const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
  const sent = lines.flatMap((line) => (line.quantity > line.shippedQuantity ? [{ line, quantity: line.quantity - line.shippedQuantity }] : []));
  await sendParcel(em, order, lines, { by: 'CHANNEL', carrier: null, trackingNumber: null, sent }, change, null);
}
