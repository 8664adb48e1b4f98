import type { EntityManager } from '@mikro-orm/postgresql';
import { killPoint, type Database } from '@quanyu/database';
import type { EventEnvelope } from '@quanyu/events';
import { beginSpan, log, within, withContext } from '@quanyu/telemetry';
import type { Subscription } from './consume.js';
import { handfuls } from './handfuls.js';
import { logFields } from './log-fields.js';
import { eventSeconds, eventsTakenIn } from './metrics.js';
import { ParkingLot } from './parking-lot.js';
import type { Consumer, Verdict } from './relay.js';

/** Events in one transaction: enough to share the cost of a commit, few enough to hold locks for a short time. */
const CHUNK = 32;

/** A subgraph's door for events: inbox and effect in one transaction, duplicates dropped, poison put aside. */
export class EventDoor<Deps> implements Consumer {
  readonly types: readonly string[];
  readonly #table: ReadonlyMap<string, Subscription<Deps>>;
  readonly #parking: ParkingLot;

  /** @param retryWaitsMs waits between the tries of an event that fails, in milliseconds; for tests. */
  constructor(private readonly database: Database, table: readonly Subscription<Deps>[], private readonly deps: Deps, retryWaitsMs?: readonly number[]) {
    this.#table = new Map(table.map((subscription) => [subscription.type, subscription]));
    this.types = [...this.#table.keys()];
    this.#parking = new ParkingLot(database, (em, event) => this.#handleTogether(em, [event]), retryWaitsMs);
  }

  get name(): string { return this.database.name; }

  /** Events that wait for another try or a person. */
  get parking(): ParkingLot { return this.#parking; }

  async accept(events: readonly EventEnvelope[]): Promise<readonly Verdict[]> {
    const known = events.filter(({ type }) => this.#table.has(type));
    const parked = new Set<EventEnvelope>();
    const park = async (event: EventEnvelope, error: unknown): Promise<void> => {
      await this.#parking.park(event, error);
      parked.add(event);
    };
    for (const chunk of chunksByTenant(known)) {
      await this.#acceptChunk(chunk).catch(async (error: unknown) => {
        if (chunk.length === 1) return park(chunk[0]!, error);
        // One of them is bad, or two chunks met in a deadlock: one at a time finds it and lets the others through.
        for (const event of chunk) await this.#acceptChunk([event]).catch((reason: unknown) => park(event, reason));
      });
    }
    killPoint(`${this.database.name}.events:answering`);
    return events.map((event) => (!this.#table.has(event.type) ? 'UNKNOWN_TYPE' : parked.has(event) ? 'PARKED' : 'TAKEN'));
  }

  async #acceptChunk(events: readonly EventEnvelope[]): Promise<void> {
    const { tenantId } = events[0]!;
    const taken = await this.database.write(tenantId, `on(${[...new Set(events.map((event) => event.type))].join('+')})`, async (em) => {
      const { fresh, mayWait } = await this.#enterInbox(em, events);
      const now = mayWait ? await this.#parking.queueBehind(em, fresh) : fresh;
      await this.#handle(em, now);
      return now;
    });
    for (const event of taken) this.#count(event);
  }

  /** Enters events into the inbox; answers those that were not in it, each once, and whether some may have to wait behind parked ones. */
  async #enterInbox(em: EntityManager, events: readonly EventEnvelope[]): Promise<{ fresh: readonly EventEnvelope[]; mayWait: boolean }> {
    const rows = await em.execute<{ event_id: string; parked: boolean }[]>(
      `with fresh as (
         insert into inbox (event_id, tenant_id, type) select * from jsonb_to_recordset(?::jsonb) as e (id text, "tenantId" text, type text) on conflict do nothing returning event_id
       )
       select event_id, exists (select 1 from parked_event) as parked from fresh`,
      [JSON.stringify(events.map(({ id, tenantId, type }) => ({ id, tenantId, type })))]);
    const ids = new Set(rows.map((row) => row.event_id));
    // Where all are new nobody else is at them, and what this statement sees of parked ones is true. Where one is not,
    // it may have waited for whoever parked that one, and cannot see it: only a later look can.
    return { fresh: events.filter((event) => ids.delete(event.id)), mayWait: rows.length < events.length || rows.some((row) => row.parked) };
  }

  /** Handles events of one tenant: subjects in their order, and what may be handled together in one call. */
  async #handle(em: EntityManager, events: readonly EventEnvelope[]): Promise<void> {
    for (const together of handfuls(events, (type) => this.#table.get(type)?.together === true)) await this.#handleTogether(em, together);
  }

  async #handleTogether(em: EntityManager, events: readonly EventEnvelope[]): Promise<void> {
    const subscription = this.#table.get(events[0]!.type);
    // Parked by a newer version of us: it waits for one that knows it.
    if (subscription === undefined) throw new UnknownTypeError();
    const given = events.map((event) => ({ ...event, data: subscription.schema.parse(event.data) as unknown }));
    const spans = new Map(events.map((event) => [event.id, beginSpan(`${this.database.name} on ${event.type}`, {
      kind: 'consumer', parent: event.traceparent ?? null, fields: logFields(event, `${this.database.name}/taken-in`),
    })]));
    const causes = new Map(events.map((event) => [event.id, event]));
    const because = <T>({ id }: Pick<EventEnvelope, 'id'>, work: () => T): T =>
      within(spans.get(id), () => withContext({ correlationId: causes.get(id)?.correlationId ?? id, causationId: id }, work));
    const end = (error?: unknown): void => { for (const span of spans.values()) span?.end(error); };
    try {
      // Inside the event's context, if it is alone: rows that the handler left to the unit of work fail with this event, not the next.
      const handle = async (): Promise<void> => {
        await subscription.handle({ em, tenantId: events[0]!.tenantId, deps: this.deps, because }, given);
        await em.flush();
      };
      await (events.length === 1 ? because(events[0]!, handle) : handle());
    } catch (error) {
      end(error);
      throw error;
    }
    for (const event of events) because(event, () => { log.debug('event taken in', logFields(event, `${this.database.name}/taken-in`)); });
    end();
  }

  #count({ type, time }: EventEnvelope): void {
    eventsTakenIn.add({ consumer: this.database.name, event: type });
    eventSeconds.observe({ consumer: this.database.name }, (Date.now() - Date.parse(time)) / 1000);
  }
}

class UnknownTypeError extends Error {
  override name = 'UnknownTypeError';
}

/** Runs of one tenant, cut to the size of a transaction, in the order given. */
function* chunksByTenant(events: readonly EventEnvelope[]): Generator<EventEnvelope[]> {
  let chunk: EventEnvelope[] = [];
  for (const event of events) {
    if (chunk.length === CHUNK || (chunk.length > 0 && chunk[0]!.tenantId !== event.tenantId)) {
      yield chunk;
      chunk = [];
    }
    chunk.push(event);
  }
  if (chunk.length > 0) yield chunk;
}
