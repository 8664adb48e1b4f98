import type { Database } from '@quanyu/database';
import { EXTENSION_MINUTES, soundLines, type Wanted } from '../../domain/ask.js';
import type { DeedOutcome } from '../../domain/outcome.js';
import type { DeedAsk } from '../engine/ask.js';
import { engineOf } from '../engine/engine.js';

/** A reservation, by what it is held for. */
export interface ReservationKey { readonly tenantId: string; readonly key: string }
interface Part { /** Some of it; all of it when not given. */ readonly part?: { readonly lines: readonly Wanted[]; /** A parcel, a return: done once. */ readonly reference: string } | null }

export type PartOutcome = DeedOutcome | { readonly kind: 'refused'; readonly code: 'QUANTITY_INVALID' | 'LINES_INVALID'; readonly reason: null };

const plain = { lines: null, reference: null, seconds: null, reason: null } as const;

/** Gives a reservation back, whole or in part. What was never held stays released: a late ask for it holds nothing. */
export const releaseReservation = (database: Database, { tenantId, key, part, reason = 'GIVEN_BACK' }: ReservationKey & Part & { readonly reason?: 'ORDER_CANCELLED' | 'GIVEN_BACK' }): Promise<PartOutcome> =>
  inParts(part, (some) => engineOf(database).settle({ ...plain, ...some, tenantId, key, deed: 'RELEASE', reason }));

/** Ships a reservation, whole or in part: its goods are gone. */
export const consumeReservation = (database: Database, { tenantId, key, part }: ReservationKey & Part): Promise<PartOutcome> =>
  inParts(part, (some) => engineOf(database).settle({ ...plain, ...some, tenantId, key, deed: 'CONSUME' }));

/** Gives a hold more time while its payment is in progress: once, and at most five minutes. */
export const extendReservation = (database: Database, { tenantId, key, minutes = EXTENSION_MINUTES }: ReservationKey & { readonly minutes?: number }): Promise<PartOutcome> =>
  minutes > 0 && minutes <= EXTENSION_MINUTES
    ? engineOf(database).settle({ ...plain, tenantId, key, deed: 'EXTEND', seconds: Math.ceil(minutes * 60) })
    : Promise.resolve({ kind: 'refused', code: 'QUANTITY_INVALID', reason: null });

function inParts(part: Part['part'], work: (some: Pick<DeedAsk, 'lines' | 'reference'> | null) => Promise<DeedOutcome>): Promise<PartOutcome> {
  if (part === null || part === undefined) return work(null);
  const sound = soundLines(part.lines);
  return sound.kind === 'refused' ? Promise.resolve({ kind: 'refused', code: sound.code, reason: null }) : work({ lines: sound.lines, reference: part.reference });
}
