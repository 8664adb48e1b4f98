import type { buyerOf } from '@quanyu/calls';
import type { Database } from '@quanyu/database';
import type { z } from 'zod';
import { SalesOrder } from '../entities/sales-order.entity.js';

/** Whom an order is told to, still sealed. */
export function buyerOfOrder(database: Database, tenantId: string, orderId: string): Promise<z.input<typeof buyerOf.output>['order']> {
  return database.read(tenantId, async (em) => {
    const order = await em.findOne(SalesOrder, { tenantId, id: orderId as never });
    if (order === null) return null;
    const { orderNumber, status, currency, totalMinor, sealedShipTo, customer } = order;
    return { orderNumber, status, currency, totalMinor, sealedShipTo: sealedShipTo ?? null, customer: customer?.sealed ? { externalId: customer.externalId, sealed: customer.sealed } : null };
  });
}
