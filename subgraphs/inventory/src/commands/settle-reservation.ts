import type { Database } from '@quanyu/database';
import { EXTENSION_MINUTES, soundLines, type Wanted } from '../domain/ask.js';
import type { DeedOutcome } from '../domain/outcome.js';
import { engineOf } from './engine/engine.js';

/** A reservation, by what it is held for. */
export interface ReservationKey { readonly tenantId: string; readonly key: string }
interface Part { /** Some of it; all of it when not given. */ readonly lines?: readonly Wanted[] | null }

export type PartOutcome = DeedOutcome | { readonly kind: 'refused'; readonly code: 'QUANTITY_INVALID' | 'LINES_INVALID'; readonly reason: null };

const plain = { lines: null, seconds: null, reason: null } as const;

/** Gives a reservation back, whole or in part. What was never held stays released: a late ask for it holds nothing. */
export const releaseReservation = (database: Database, { tenantId, key, lines, reason = 'GIVEN_BACK' }: ReservationKey & Part & { readonly reason?: 'ORDER_CANCELLED' | 'GIVEN_BACK' }): Promise<PartOutcome> =>
  inParts(lines, (part) => engineOf(database).settle({ ...plain, tenantId, key, deed: 'RELEASE', lines: part, reason }));

/** Ships a reservation, whole or in part: its goods are gone. */
export const consumeReservation = (database: Database, { tenantId, key, lines }: ReservationKey & Part): Promise<PartOutcome> =>
  inParts(lines, (part) => engineOf(database).settle({ ...plain, tenantId, key, deed: 'CONSUME', lines: part }));

/** Gives a hold more time while its payment is in progress: once, and at most five minutes. */
export const extendReservation = (database: Database, { tenantId, key, minutes = EXTENSION_MINUTES }: ReservationKey & { readonly minutes?: number }): Promise<PartOutcome> =>
  minutes > 0 && minutes <= EXTENSION_MINUTES
    ? engineOf(database).settle({ ...plain, tenantId, key, deed: 'EXTEND', seconds: Math.ceil(minutes * 60) })
    : Promise.resolve({ kind: 'refused', code: 'QUANTITY_INVALID', reason: null });

/** An outside system counts this order itself from now on: it is not counted here any more, so that nothing is taken off twice. */
export const acknowledgeReservation = (database: Database, { tenantId, key }: ReservationKey): Promise<DeedOutcome> =>
  engineOf(database).settle({ ...plain, tenantId, key, deed: 'ACKNOWLEDGE' });

function inParts(lines: readonly Wanted[] | null | undefined, work: (lines: readonly Wanted[] | null) => Promise<DeedOutcome>): Promise<PartOutcome> {
  if (lines === null || lines === undefined) return work(null);
  const sound = soundLines(lines);
  return sound.kind === 'refused' ? Promise.resolve({ kind: 'refused', code: sound.code, reason: null }) : work(sound.lines);
}
