import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventEnvelope } from '@quanyu/events';

/** Reason of an event that has not been tried, since an earlier one of its subject has not gone through. */
const WAITS = 'WAITS_FOR_EARLIER_EVENT';

/** A parked event as people see it: nothing of what it holds. */
export interface ParkedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  /** Tries so far; 0 while it only waits behind an earlier one. */
  readonly attempts: number;
  readonly reason: string;
  readonly state: 'RETRYING' | 'PARKED';
  /** RFC 3339. */
  readonly parkedAt: string;
}

const SHOWN = `event_id as "eventId", envelope->>'type' as type, source, subject, attempts, reason, state,
  to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "parkedAt"`;

/** What waits in a tenant: those that failed before those that only wait behind them, each oldest first. */
export async function listParked(em: EntityManager, limit: number): Promise<{ readonly events: ParkedEvent[]; readonly total: number }> {
  const rows = await em.execute<(ParkedEvent & { total: number })[]>(
    `select ${SHOWN}, (count(*) over ())::int as total from parked_event order by attempts = 0, id limit ?`, [limit]);
  return { events: rows.map(({ total: _total, ...event }) => event), total: rows[0]?.total ?? 0 };
}

/** One parked event; undefined when it does not wait here. */
export const findParked = async (em: EntityManager, eventId: string): Promise<ParkedEvent | undefined> =>
  (await em.execute<ParkedEvent[]>(`select ${SHOWN} from parked_event where event_id = ?`, [eventId]))[0];

/** Of these events, those whose subject has parked ones. */
export async function behindParked(em: EntityManager, events: readonly EventEnvelope[]): Promise<ReadonlySet<EventEnvelope>> {
  const rows = await em.execute<{ source: string; subject: string }[]>(
    `select distinct source, subject from parked_event where (source, subject) in (${events.map(() => '(?, ?)').join(', ')})`,
    events.flatMap((event) => [event.source, event.subject]));
  return new Set(events.filter((event) => rows.some(({ source, subject }) => source === event.source && subject === event.subject)));
}

/** Puts events at the end of their subjects' lanes, to be tried again after `waitMs`. */
export async function insertParked(em: EntityManager, events: readonly EventEnvelope[], failure: { readonly reason: string } | null, waitMs: number): Promise<void> {
  await em.execute(
    `insert into parked_event (tenant_id, event_id, source, subject, envelope, state, attempts, reason, next_attempt_at)
     values ${events.map(() => "(?, ?, ?, ?, ?, 'RETRYING', ?, ?, app_now() + ? * interval '1 millisecond')").join(', ')}`,
    events.flatMap((event) => [event.tenantId, event.id, event.source, event.subject, JSON.stringify(event), failure === null ? 0 : 1, failure?.reason ?? WAITS, waitMs]));
}
