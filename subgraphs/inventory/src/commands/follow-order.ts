import type { Database } from '@quanyu/database';
import { confirmReservation } from './confirm-reservation.js';
import { StockUnanswered } from './hold-order.js';
import { releaseReservation, type ReservationKey } from './settle-reservation.js';

/** The order has ended: it holds nothing, even when its placing comes later. */
export async function releaseOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await releaseReservation(database, { ...order, reason: 'ORDER_CANCELLED' }));
}

/** The order is paid. A payment that came too late is told to orders by an event of its own. */
export async function confirmOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await confirmReservation(database, order));
}

function answered(outcome: { readonly kind: string; readonly code?: string }): void {
  if (outcome.kind === 'refused' && (outcome.code === 'STOCK_BUSY' || outcome.code === 'STOCK_UNAVAILABLE')) throw new StockUnanswered(outcome.code);
}
