import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit, type Database } from '@quanyu/database';
import { eventParked, type EventEnvelope } from '@quanyu/events';
import { log } from '@quanyu/telemetry';
import { record } from './record.js';

/** Waits between the tries of an event that fails; after the last one it is parked for a person. */
const BACKOFF_MS = [200, 1_000, 5_000, 30_000];

interface ParkedRow { tenant_id: string; event_id: string; source: string; subject: string; envelope: EventEnvelope; attempts: number }

/** A parked event as people see it. */
export interface ParkedEvent { readonly eventId: string; readonly type: string; readonly source: string; readonly subject: string; readonly attempts: number; readonly reason: string; readonly state: 'RETRYING' | 'PARKED'; readonly parkedAt: Date }

/**
 * Where events wait that could not be taken in. Later events of the same subject queue behind, so that order is kept;
 * all other subjects go on.
 */
export class ParkingLot {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** Empty until proven otherwise: spares a query for each event while nothing is parked. */
  #mayHold = true;

  constructor(private readonly database: Database, private readonly handle: (em: EntityManager, event: EventEnvelope) => Promise<void>) {}

  /** Takes up what an earlier process left; then looks by itself while something waits. */
  start(): void { this.#schedule(0); }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Puts an event aside after a failed try, in a transaction of its own. */
  async park(event: EventEnvelope, error: unknown): Promise<void> {
    log.warn('event put aside', { consumer: this.database.name, eventType: event.type, eventId: event.id, error });
    await this.database.write(event.tenantId, 'park-event', async (em) => {
      const rows = await em.execute<unknown[]>('insert into inbox (event_id, tenant_id, type) values (?, ?, ?) on conflict do nothing returning 1', [event.id, event.tenantId, event.type]);
      if (rows.length > 0) await this.#insert(em, event, reasonOf(error), 1);
    });
    this.#mayHold = true;
    this.#schedule(BACKOFF_MS[0]!);
  }

  /** Queues an event behind parked ones of its subject; false when there are none. */
  async queueBehind(em: EntityManager, event: EventEnvelope): Promise<boolean> {
    if (!this.#mayHold) return false;
    const rows = await em.execute<unknown[]>('select 1 from parked_event where source = ? and subject = ? limit 1', [event.source, event.subject]);
    if (rows.length === 0) return false;
    await this.#insert(em, event, 'WAITS_FOR_EARLIER_EVENT', 0);
    // The earlier event may go through between our look and our commit: somebody must come back for this one.
    afterCommit(em, () => { this.#mayHold = true; this.#schedule(BACKOFF_MS[0]!); });
    return true;
  }

  /** Lets a parked event's subject be tried again from its oldest event on; answers how many went through. */
  async replay(tenantId: string, eventId: string): Promise<number> {
    const lane = await this.database.read(tenantId, (em) => em.execute<ParkedRow[]>('select source, subject from parked_event where event_id = ?', [eventId]));
    return lane[0] === undefined ? 0 : this.#tryLane(tenantId, lane[0].source, lane[0].subject);
  }

  /** What waits, oldest first. */
  list(tenantId: string): Promise<ParkedEvent[]> {
    return this.database.read(tenantId, (em) => em.execute<ParkedEvent[]>(
      `select event_id as "eventId", envelope->>'type' as type, source, subject, attempts, reason, state, parked_at as "parkedAt" from parked_event order by id limit 250`));
  }

  async #insert(em: EntityManager, event: EventEnvelope, reason: string, attempts: number): Promise<void> {
    await em.execute(
      `insert into parked_event (tenant_id, event_id, source, subject, envelope, state, attempts, reason, next_attempt_at)
       values (?, ?, ?, ?, ?, 'RETRYING', ?, ?, app_now() + ? * interval '1 millisecond')`,
      [event.tenantId, event.id, event.source, event.subject, JSON.stringify(event), attempts, reason, BACKOFF_MS[0]]);
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#retryDue(), ms);
  }

  async #retryDue(): Promise<void> {
    try {
      const { rows } = await this.database.system.query<{ tenant_id: string; source: string; subject: string; due: boolean; state: string }>(
        `select distinct on (source, subject) tenant_id, source, subject, state, next_attempt_at <= app_now() as due from parked_event order by source, subject, id`);
      this.#mayHold = rows.length > 0;
      for (const lane of rows) if (lane.due && lane.state === 'RETRYING') await this.#tryLane(lane.tenant_id, lane.source, lane.subject);
      // Parked ones wait for a person: only what is still being tried needs another look soon.
      if (rows.length > 0) this.#schedule(rows.some((lane) => lane.state === 'RETRYING') ? 500 : 30_000);
    } catch (error) {
      if (this.#stopped) return;
      log.warn('parked events cannot be read', { subgraph: this.database.name, error });
      this.#schedule(5_000);
    }
  }

  async #tryLane(tenantId: string, source: string, subject: string): Promise<number> {
    for (let done = 0; ; done += 1) {
      const [row] = await this.database.read(tenantId, (em) => em.execute<ParkedRow[]>(
        'select tenant_id, event_id, source, subject, envelope, attempts from parked_event where source = ? and subject = ? order by id limit 1', [source, subject]));
      if (row === undefined) return done;
      try {
        await this.database.write(tenantId, 'retry-event', async (em) => {
          // The row is the lock: of two workers that retry at once, one waits and then finds it gone.
          const taken = await em.execute<unknown[]>('delete from parked_event where event_id = ? returning 1', [row.event_id]);
          if (taken.length > 0) await this.handle(em, row.envelope);
        });
      } catch (error) {
        await this.#failed(row, error);
        return done;
      }
    }
  }

  async #failed(row: ParkedRow, error: unknown): Promise<void> {
    const attempts = row.attempts + 1;
    const wait = BACKOFF_MS[attempts - 1];
    const reason = reasonOf(error);
    await this.database.write(row.tenant_id, 'park-event', async (em) => {
      await em.execute(
        `update parked_event set attempts = ?, reason = ?, state = ?, next_attempt_at = app_now() + ? * interval '1 millisecond' where event_id = ?`,
        [attempts, reason, wait === undefined ? 'PARKED' : 'RETRYING', wait ?? 0, row.event_id]);
      if (wait !== undefined) return;
      const parked = eventParked[this.database.name as keyof typeof eventParked];
      record(em, parked({ tenantId: row.tenant_id, sequence: attempts, data: { eventId: row.event_id, eventType: row.envelope.type, eventSubject: row.subject, attempts, reason } }));
    });
  }
}

/** Name and code only: a database's message may quote the row, and a row may hold what nobody should read here. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
