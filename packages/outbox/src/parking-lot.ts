import type { EntityManager } from '@mikro-orm/postgresql';
import { afterCommit, type Database } from '@quanyu/database';
import { eventParked, eventReplayed, type EventEnvelope } from '@quanyu/events';
import { log, withContext } from '@quanyu/telemetry';
import { logFields } from './log-fields.js';
import { eventsPutAside, eventsTakenIn } from './metrics.js';
import { behindParked, findParked, insertParked, listParked, type ParkedEvent } from './parked-events.js';
import { reasonOf } from './reason-of.js';
import { record } from './record.js';
import { Rounds } from './rounds.js';

/** Waits between the tries of an event that fails; after the last one it is parked for a person. */
const RETRY_WAITS_MS: readonly number[] = [200, 1_000, 5_000, 30_000];
/** How soon to look again: while something is being tried, and else, for what another process has left behind. */
const LOOK_MS = { retrying: 500, idle: 5_000, failed: 5_000 } as const;
/** Lanes in a round, and events of one lane in a row: a long lane must not keep the others waiting. */
const MOST = { lanes: 100, inARow: 200 } as const;

/** The events of one subject, in order: only the first is ever tried. */
interface Lane { readonly tenant_id: string; readonly source: string; readonly subject: string }
interface Head { readonly event_id: string; readonly attempts: number; readonly envelope: EventEnvelope }

/** What became of a replay. */
export interface Replay {
  /** Events of the subject that have been taken in by it. */
  readonly replayed: number;
  /** The event asked for, while it still waits. */
  readonly waiting: ParkedEvent | null;
}

/**
 * Where events wait that could not be taken in. Later events of the same subject queue behind, so that order is kept;
 * all other subjects go on. Nothing of it is held in memory: any process may park, and any other go on from there.
 */
export class ParkingLot {
  readonly #rounds: Rounds;

  constructor(
    private readonly database: Database,
    private readonly handle: (em: EntityManager, event: EventEnvelope) => Promise<void>,
    private readonly waitsMs: readonly number[] = RETRY_WAITS_MS,
  ) {
    this.#rounds = new Rounds(() => this.#retryDue());
  }

  /** Takes up what an earlier process left, and what others leave later. */
  start(): void { this.#rounds.within(0); }

  stop(): Promise<void> { return this.#rounds.stop(); }

  /** Puts an event aside after a failed try, in a transaction of its own. */
  async park(event: EventEnvelope, error: unknown): Promise<void> {
    const reason = reasonOf(error);
    eventsPutAside.add({ consumer: this.database.name, event: event.type });
    log.warn('event put aside', { ...logFields(event, `${this.database.name}/put-aside`), errorCode: reason.replaceAll(' ', ':'), error });
    await this.database.write(event.tenantId, 'park-event', async (em) => {
      const fresh = await em.execute<unknown[]>('insert into inbox (event_id, tenant_id, type) values (?, ?, ?) on conflict do nothing returning 1', [event.id, event.tenantId, event.type]);
      if (fresh.length > 0) await insertParked(em, [event], { reason }, this.waitsMs[0] ?? 0);
    });
    this.#rounds.within(this.waitsMs[0] ?? 0);
  }

  /**
   * Queues those events behind parked ones of their subjects; answers the others, which may be taken in now.
   * To be called after their inbox rows are in: whoever had them before has committed by then, and is seen here.
   */
  async queueBehind(em: EntityManager, events: readonly EventEnvelope[]): Promise<readonly EventEnvelope[]> {
    const behind = events.length === 0 ? new Set<EventEnvelope>() : await behindParked(em, events);
    if (behind.size === 0) return events;
    await insertParked(em, [...behind], null, 0);
    // The earlier event may go through between our look and our commit: somebody must come back for these.
    afterCommit(em, () => this.#rounds.within(this.waitsMs[0] ?? 0));
    return events.filter((event) => !behind.has(event));
  }

  /**
   * Tries a parked event's subject once more, from its oldest event on. An event that fails again is no error: it is
   * told as still waiting, with its new reason.
   */
  async replay(tenantId: string, eventId: string): Promise<Replay> {
    const find = (): Promise<ParkedEvent | undefined> => this.database.read(tenantId, (em) => findParked(em, eventId));
    const asked = await find();
    if (asked === undefined) return { replayed: 0, waiting: null };
    const replayed = await this.#tryLane({ tenant_id: tenantId, source: asked.source, subject: asked.subject }, eventId);
    this.#rounds.within(0);
    return { replayed, waiting: (await find()) ?? null };
  }

  /** What waits in a tenant: failed ones before those behind them, each oldest first; and how many there are in all. */
  list(tenantId: string, limit = 250): Promise<{ readonly events: readonly ParkedEvent[]; readonly total: number }> {
    return this.database.read(tenantId, (em) => listParked(em, limit));
  }

  /** Tries the lanes that are due; answers when to look again. */
  async #retryDue(): Promise<number> {
    try {
      const { rows } = await this.database.system.query<Lane & { due: boolean }>(
        `select tenant_id, source, subject, next_attempt_at <= app_now() as due from parked_event p
         where state = 'RETRYING' and not exists (
           select 1 from parked_event e where e.tenant_id = p.tenant_id and e.source = p.source and e.subject = p.subject and e.id < p.id)
         order by next_attempt_at limit ${MOST.lanes}`);
      const due = rows.filter((lane) => lane.due);
      for (const lane of due) await this.#tryLane(lane);
      if (due.length === MOST.lanes) return 0;
      return rows.length > 0 ? LOOK_MS.retrying : LOOK_MS.idle;
    } catch (error) {
      if (!this.#rounds.stopped) log.warn('parked events cannot be tried', { consumer: this.database.name, error });
      return LOOK_MS.failed;
    }
  }

  /** Tries a lane from its head until one fails; at least up to `until`. Answers how many went through. */
  async #tryLane({ tenant_id: tenantId, source, subject }: Lane, until?: string): Promise<number> {
    let done = 0;
    for (let mustGoOn = until !== undefined; (mustGoOn || done < MOST.inARow) && !this.#rounds.stopped;) {
      const [head] = await this.database.read(tenantId, (em) => em.execute<Head[]>(
        'select event_id, attempts, envelope from parked_event where source = ? and subject = ? order by id limit 1', [source, subject]));
      if (head === undefined) break;
      const outcome = await this.#try(tenantId, head);
      if (outcome === 'failed') break;
      if (outcome === 'taken in') {
        eventsTakenIn.add({ consumer: this.database.name, event: head.envelope.type });
        done += 1;
      }
      if (head.event_id === until) mustGoOn = false;
    }
    return done;
  }

  async #try(tenantId: string, head: Head): Promise<'taken in' | 'gone' | 'failed'> {
    try {
      return await this.database.write(tenantId, 'retry-event', async (em) => {
        // Of two workers that try at once, one waits and then finds it gone. What the row holds is read here, since
        // somebody may have mended it meanwhile.
        await takeTurn(em, head.event_id);
        const [row] = await em.execute<{ state: string; envelope: EventEnvelope }[]>('delete from parked_event where event_id = ? returning state, envelope', [head.event_id]);
        if (row === undefined) return 'gone';
        await this.handle(em, row.envelope);
        if (row.state === 'PARKED') this.#tellReplayed(em, row.envelope, head.attempts + 1);
        return 'taken in';
      });
    } catch (error) {
      await this.#failed(tenantId, head, error);
      return 'failed';
    }
  }

  async #failed(tenantId: string, { event_id: eventId, attempts: before, envelope }: Head, error: unknown): Promise<void> {
    const attempts = before + 1;
    const waitMs = this.waitsMs[attempts - 1];
    const reason = reasonOf(error);
    eventsPutAside.add({ consumer: this.database.name, event: envelope.type });
    log.warn('event failed again', { ...logFields(envelope, `${this.database.name}/put-aside`), attempt: attempts, errorCode: reason.replaceAll(' ', ':'), error });
    await this.database.write(tenantId, 'park-event', async (em) => {
      await takeTurn(em, eventId);
      // Whoever failed at the same time has counted already, or somebody has taken it in: then there is nothing to tell.
      const mine = await em.execute<unknown[]>(
        `update parked_event set attempts = ?, reason = ?, state = ?, next_attempt_at = app_now() + ? * interval '1 millisecond'
         where event_id = ? and attempts = ? returning 1`,
        [attempts, reason, waitMs === undefined ? 'PARKED' : 'RETRYING', waitMs ?? 0, eventId, before]);
      if (mine.length > 0 && waitMs === undefined) this.#tellParked(em, envelope, { attempts, reason });
    });
  }

  #tellParked(em: EntityManager, event: EventEnvelope, { attempts, reason }: { readonly attempts: number; readonly reason: string }): void {
    const parked = definitionOf(eventParked, this.database.name);
    // Who cannot take in its own notice of parking would only tell itself of it, for ever.
    if (parked === undefined || event.type === parked.type) return;
    inThreadOf(event, () => record(em, parked({
      tenantId: event.tenantId, sequence: attempts, data: { eventId: event.id, eventType: event.type, eventSubject: event.subject, attempts, reason },
    })));
  }

  #tellReplayed(em: EntityManager, event: EventEnvelope, sequence: number): void {
    const replayed = definitionOf(eventReplayed, this.database.name);
    if (replayed === undefined) return;
    inThreadOf(event, () => record(em, replayed({ tenantId: event.tenantId, sequence, data: { eventId: event.id, eventType: event.type } })));
  }
}

/**
 * Workers at one parked event go on in the order in which they came. Its row cannot see to that: once a failed try is
 * rolled back, the note of it may come before the try that waited, whose transaction the log counts as the earlier one;
 * the parking would then be told after the replay.
 */
const takeTurn = (em: EntityManager, eventId: string): Promise<unknown> =>
  em.execute("select pg_advisory_xact_lock(hashtext('outbox.parked-event'), hashtext(?))", [eventId]);

/** None for a subgraph that is no part of the product, such as a test's. */
const definitionOf = <Definitions extends object>(definitions: Definitions, owner: string): Definitions[keyof Definitions] | undefined =>
  (Object.hasOwn(definitions, owner) ? definitions[owner as keyof Definitions] : undefined);

const inThreadOf = (event: EventEnvelope, work: () => void): void =>
  withContext({ correlationId: event.correlationId ?? event.id, causationId: event.id }, work);
