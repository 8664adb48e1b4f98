import type pg from 'pg';
import type { Wanted } from '../../domain/ask.js';
import type { DeedOutcome, DeedRefusal, ReservationState } from '../../domain/outcome.js';
import type { Judged } from './admit.js';
import type { DeedEntry } from './ask.js';
import { integers, texts } from './columns.js';

const SETTLE = 'select answers, xid from settle($1, $2, $3, $4, $5::text[]::jsonb[], $6, $7, $8, $9, $10)';

const REFUSALS: Readonly<Record<string, DeedRefusal>> = {
  UNKNOWN: 'RESERVATION_UNKNOWN', LATE: 'RESERVATION_EXPIRED', ENDED: 'RESERVATION_ENDED', SHIPPED: 'ALREADY_SHIPPED', TOO_MANY: 'TOO_MANY', NOT_ON_HAND: 'NOT_ON_HAND',
};

interface Answer {
  readonly code: string; readonly id: string; readonly state: ReservationState; readonly reason: string | null; readonly expiresAt: string | null;
  readonly bucket: string; readonly memberId: string | null; readonly lines: readonly Wanted[] | null;
}

/** What an expired reservation held, for who would hold it again. */
export interface Lapsed { readonly bucket: string; readonly memberId: string | null; readonly lines: readonly Wanted[] }

/** The outcome of a deed; with what it held where it came too late. */
export type Settlement = DeedOutcome & { readonly lapsed?: Lapsed };

/** Does a batch of deeds by one call; at most one a key. */
export async function settle(client: Pick<pg.ClientBase, 'query'>, seed: string, entries: readonly DeedEntry[]): Promise<Judged<Settlement>> {
  const asks = entries.map((entry) => entry.asked);
  const { rows: [row] } = await client.query<{ answers: Answer[]; xid: string | null }>({
    name: 'settle', text: SETTLE,
    values: [
      seed, texts(asks.map(({ tenantId }) => tenantId)), texts(asks.map(({ key }) => key)), texts(asks.map(({ deed }) => deed)),
      texts(asks.map(({ lines }) => (lines === null ? null : JSON.stringify(lines)))), texts(asks.map(({ reference }) => reference)), integers(asks.map(({ seconds }) => seconds)), texts(asks.map(({ reason }) => reason)),
      texts(entries.map(({ correlationId }) => correlationId)), texts(entries.map(({ cause }) => cause)),
    ],
  });
  return { xid: row!.xid, outcomes: row!.answers.map(outcomeOf) };
}

function outcomeOf({ code, id, state, reason, expiresAt, bucket, memberId, lines }: Answer): Settlement | null {
  if (code === 'AGAIN') return null;
  if (code === 'OK' || code === 'DONE') return { kind: 'done', reservationId: id, state, expiresAt: expiresAt === null ? null : new Date(expiresAt), replay: code === 'DONE', reason };
  return { kind: 'refused', code: REFUSALS[code]!, reason, ...(lines !== null && { lapsed: { bucket, memberId, lines } }) };
}
