import type { Database } from '@quanyu/database';
import { confirmReservation } from './confirm-reservation.js';
import { StockUnanswered } from './hold-order.js';
import type { Wanted } from '../domain/ask.js';
import { consumeReservation, releaseReservation, type ReservationKey } from './settle-reservation.js';

/** The order has ended: it holds nothing, even when its placing comes later. */
export async function releaseOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await releaseReservation(database, { ...order, reason: 'ORDER_CANCELLED' }));
}

/** The order is paid. A payment that came too late is told to orders by an event of its own. */
export async function confirmOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await confirmReservation(database, order));
}

/** A parcel of the order is on its way: its units are gone. The same parcel again changes nothing. */
export async function shipOrder(database: Database, order: ReservationKey, parcel: { readonly reference: string; readonly lines: readonly Wanted[] }): Promise<void> {
  const units = new Map<string, number>();
  // Two lines of a parcel may be of one SKU.
  for (const { skuId, quantity } of parcel.lines) units.set(skuId, (units.get(skuId) ?? 0) + quantity);
  if (units.size === 0) return;
  answered(await consumeReservation(database, { ...order, part: { reference: parcel.reference, lines: [...units].map(([skuId, quantity]) => ({ skuId, quantity })) } }));
}

function answered(outcome: { readonly kind: string; readonly code?: string }): void {
  if (outcome.kind === 'refused' && (outcome.code === 'STOCK_BUSY' || outcome.code === 'STOCK_UNAVAILABLE')) throw new StockUnanswered(outcome.code);
}
