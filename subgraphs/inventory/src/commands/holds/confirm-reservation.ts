import type { Database } from '@quanyu/database';
import type { DeedRefusal, Settled } from '../../domain/outcome.js';
import { engineOf } from '../engine/engine.js';
import type { Lapsed } from '../engine/settle.js';
import type { ReservationKey } from './settle-reservation.js';

/** Why a payment has to be given back; told to orders by `late-payment-refused`, once. */
export interface Refund { readonly kind: 'refund'; readonly reason: string }

export type ConfirmOutcome = Settled | Refund | { readonly kind: 'refused'; readonly code: DeedRefusal };

/** The order is paid: its hold has no end any more. Where the end came first it is held again if there is still enough; else the payment has to be refunded. */
export async function confirmReservation(database: Database, { tenantId, key }: ReservationKey): Promise<ConfirmOutcome> {
  const engine = engineOf(database);
  const outcome = await engine.settle({ tenantId, key, deed: 'CONFIRM', lines: null, reference: null, seconds: null, reason: null });
  if (outcome.kind === 'done') return outcome;
  if (outcome.code === 'RESERVATION_ENDED') return refund(database, { tenantId, key }, null);
  return outcome.lapsed === undefined ? outcome : holdAgain(database, { tenantId, key }, outcome.lapsed);
}

async function holdAgain(database: Database, { tenantId, key }: ReservationKey, { bucket, memberId, lines }: Lapsed): Promise<ConfirmOutcome> {
  const again = await engineOf(database).ask({ tenantId, key, hash: '', lines, bucket, memberId, region: null, holdSeconds: null, inPart: false, tells: 'held', late: true });
  if (again.kind === 'held') return { kind: 'done', reservationId: again.reservationId, state: again.state, expiresAt: again.expiresAt, replay: again.replay, reason: null };
  if (again.kind === 'short') return refund(database, { tenantId, key }, 'SOLD_OUT');
  switch (again.code) {
    case 'STOCK_BUSY': case 'STOCK_UNAVAILABLE': return { kind: 'refused', code: again.code };
    case 'SOLD_OUT': return { kind: 'refused', code: 'STOCK_BUSY' };
    // Cancelled while it was being paid.
    case 'RESERVATION_ENDED': return refund(database, { tenantId, key }, null);
    default: return refund(database, { tenantId, key }, again.code);
  }
}

/** Ends it for good, so that the same payment told again gets the same answer. A null reason keeps the one that it ended for. */
async function refund(database: Database, { tenantId, key }: ReservationKey, reason: string | null): Promise<ConfirmOutcome> {
  const outcome = await engineOf(database).settle({ tenantId, key, deed: 'REFUSE', lines: null, reference: null, seconds: null, reason });
  if (outcome.kind === 'refused') return outcome;
  // Somebody confirmed it in between.
  if (outcome.state !== 'RELEASED') return outcome;
  return { kind: 'refund', reason: outcome.reason ?? 'GIVEN_BACK' };
}
