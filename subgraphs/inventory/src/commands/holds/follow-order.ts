import type { Database } from '@quanyu/database';
import { confirmReservation } from './confirm-reservation.js';
import { StockUnanswered } from './hold-order.js';
import type { Wanted } from '../../domain/ask.js';
import { consumeReservation, releaseReservation, type ReservationKey } from './settle-reservation.js';

/** The order has ended: it holds nothing, even when its placing comes later. */
export async function releaseOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await releaseReservation(database, { ...order, reason: 'ORDER_CANCELLED' }));
}

/** The order is paid. A payment that came too late is told to orders by an event of its own. */
export async function confirmOrder(database: Database, order: ReservationKey): Promise<void> {
  answered(await confirmReservation(database, order));
}

/** Units of one hold. */
export interface HeldUnits { readonly key: string; readonly lines: readonly Wanted[] }

/** An edit of the order wants less: these units are free again, hold by hold. The same edit again changes nothing. */
export async function releaseUnits(database: Database, tenantId: string, { reference, released }: { readonly reference: string; readonly released: readonly HeldUnits[] }): Promise<void> {
  for (const { key, lines } of released) answered(await releaseReservation(database, { tenantId, key, part: { reference, lines } }));
}

/** A parcel of the order is on its way: its units are gone, those that edits hold for it too. The same parcel again changes nothing. */
export async function shipOrder(database: Database, order: ReservationKey, parcel: { readonly reference: string; readonly lines: readonly Wanted[]; readonly moreHolds: readonly HeldUnits[] }): Promise<void> {
  const units = new Map<string, number>();
  // Two lines of a parcel may be of one SKU.
  for (const { skuId, quantity } of parcel.lines) units.set(skuId, (units.get(skuId) ?? 0) + quantity);
  for (const { key, lines } of parcel.moreHolds) {
    for (const { skuId, quantity } of lines) units.set(skuId, (units.get(skuId) ?? 0) - quantity);
    answered(await consumeReservation(database, { ...order, key, part: { reference: parcel.reference, lines } }));
  }
  const own = [...units].filter(([, quantity]) => quantity > 0).map(([skuId, quantity]) => ({ skuId, quantity }));
  if (own.length > 0) answered(await consumeReservation(database, { ...order, part: { reference: parcel.reference, lines: own } }));
}

function answered(outcome: { readonly kind: string; readonly code?: string }): void {
  if (outcome.kind === 'refused' && (outcome.code === 'STOCK_BUSY' || outcome.code === 'STOCK_UNAVAILABLE')) throw new StockUnanswered(outcome.code);
}
