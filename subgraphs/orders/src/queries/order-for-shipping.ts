import type { orderToShip } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import type { z } from 'zod';
import { actionRefusal } from '../domain/order-actions.js';
import { OrderException } from '../entities/order-exception.entity.js';
import { OrderLine } from '../entities/order-line.entity.js';
import { SalesOrder } from '../entities/sales-order.entity.js';
import { refundable } from '../domain/refundable.js';

/** An order as whoever packs it has to know it now; what has been sent already is left out. */
export function orderForShipping(database: Database, tenantId: string, orderId: string): Promise<z.input<typeof orderToShip.output>> {
  return database.read(tenantId, async (em) => {
    const order = await em.findOne(SalesOrder, { tenantId, id: orderId as never });
    if (order === null || ['SHIPPED', 'COMPLETED', 'CANCELLED'].includes(order.status)) return { kind: 'over' };
    const hasOpenException = (await em.count(OrderException, { orderId: order.id, state: 'OPEN', code: { $ne: 'SEND_SOON' } })) > 0;
    if (actionRefusal({ ...order, refundableMinor: refundable(order), hasOpenException }, 'SHIP') !== null) return { kind: 'wait' };
    const lines = await em.find(OrderLine, { orderId: order.id }, { orderBy: { id: 'asc' } });
    const { connectionId, platform, externalOrderId, orderNumber, currency, discountMinor, shippingMinor, taxMinor, taxesIncluded, totalMinor } = order;
    return {
      kind: 'ship',
      order: {
        connectionId, platform, externalOrderId, orderNumber, placedAt: order.placedAt.toISOString(), currency, discountMinor, shippingMinor, taxMinor: taxesIncluded ? 0 : taxMinor, totalMinor,
        lines: lines.flatMap(({ id, skuId, externalSku, title, quantity, shippedQuantity, unitPriceMinor }) =>
          (quantity > shippedQuantity ? [{ lineId: id, skuId: skuId!, externalSku, title, quantity: quantity - shippedQuantity, unitPriceMinor }] : [])),
        sealedShipTo: order.sealedShipTo ?? null, sealedNotes: order.sealedNotes ?? null, shippingHints: { method: order.shippingMethod ?? null },
      },
    };
  });
}
