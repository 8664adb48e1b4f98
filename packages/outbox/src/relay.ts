import type { Database } from '@quanyu/database';
import type { EventEnvelope } from '@quanyu/events';
import { log } from '@quanyu/telemetry';
import pg from 'pg';
import { isBefore, moveCursor, readCursor, readLog, START, type Position } from './event-log.js';
import type { LogReader } from './log-reader.js';

/**
 * What became of an event at a door: taken in (now or before), put aside to be tried again, or not taken because this
 * process does not know its type. The first two are the consumer's to keep from then on.
 */
export type Verdict = 'TAKEN' | 'PARKED' | 'UNKNOWN_TYPE';

/** A consumer's event door as the relay sees it: resolves once inbox rows and effects have committed. */
export interface Consumer {
  readonly name: string;
  /** What it takes in; one elsewhere has to be asked. */
  readonly types: readonly string[] | (() => Promise<readonly string[]>);
  /** Answers a verdict for each event; none where all are taken in. */
  accept(events: readonly EventEnvelope[]): Promise<readonly Verdict[] | void>;
}

const BATCH = 200;
const RETRY_MS = [50, 200, 500, 1000];
const LOCK_RETRY_MS = 1000;
const SAVE_EVERY_MS = 200;
/** Who takes in nothing of ours may do so in its next version. */
const ASK_TYPES_MS = 10_000;

/**
 * Hands one subgraph's log to its consumers, each at its own pace, in order. One relay a log works at a time, by an
 * advisory lock that ends with its connection; the others stand by.
 */
export class Relay {
  #lockHolder: pg.Client | undefined;
  #stopped = false;
  #running: Promise<void>[] = [];
  #wake = new Set<() => void>();
  readonly #unlisten: () => void;

  constructor(private readonly database: Database, private readonly reader: LogReader, private readonly consumers: readonly Consumer[], private readonly systemUrl: string) {
    this.#unlisten = reader.onEnd(() => this.#wakeAll());
  }

  /** Starts to work as soon as the lock is had; answers before that. */
  start(): void {
    this.#running = [this.#holdLock()];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unlisten();
    this.#wakeAll();
    await Promise.all(this.#running);
    await this.#lockHolder?.end().catch(() => undefined);
  }

  async #holdLock(): Promise<void> {
    while (!this.#stopped) {
      const client = new pg.Client({ connectionString: this.systemUrl, keepAlive: true });
      const lost = new Promise<void>((resolve) => { client.once('end', resolve); client.on('error', () => resolve()); });
      try {
        await client.connect();
        const { rows: [row] } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(hashtext('quanyu.relay'), hashtext($1)) as held", [this.database.name]);
        if (row?.held === true) {
          this.#lockHolder = client;
          let held = true;
          void lost.then(() => { held = false; this.#wakeAll(); });
          await Promise.all(this.consumers.map((consumer) => this.#pump(consumer, () => held && !this.#stopped)));
          if (this.#stopped) return;
        }
      } catch (error) {
        if (!this.#stopped) log.warn('relay lost its database', { subgraph: this.database.name, error });
      }
      await client.end().catch(() => undefined);
      await this.#sleep(LOCK_RETRY_MS);
    }
  }

  async #pump(consumer: Consumer, mayWork: () => boolean): Promise<void> {
    const cursor = new SavedCursor(this.database, consumer.name);
    for (let failures = 0; mayWork();) {
      try {
        const types = await this.#typesOf(consumer);
        if (types.length === 0) {
          await this.#sleep(ASK_TYPES_MS);
          continue;
        }
        const from = await cursor.read();
        const end = this.reader.end;
        if (isBefore(from, end)) cursor.moveTo(await this.#handOver(consumer, types, from, end));
        await cursor.saveWhenDue();
        if (!isBefore(cursor.position, this.reader.end)) await this.#sleep(cursor.dueInMs);
        failures = 0;
      } catch (error) {
        // The consumer or a database is away: the same batch again, nothing is skipped.
        log.warn('events not taken in', { subgraph: this.database.name, consumer: consumer.name, attempt: failures + 1, error });
        await this.#sleep(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
        failures += 1;
      }
    }
    await cursor.save().catch(() => undefined);
  }

  /** What a consumer takes in of this log. */
  async #typesOf({ types }: Consumer): Promise<readonly string[]> {
    return (typeof types === 'function' ? await types() : types).filter((type) => type.startsWith(`${this.database.name}.`));
  }

  async #handOver(consumer: Consumer, types: readonly string[], from: Position, to: Position): Promise<Position> {
    const batch = await readLog(this.database.system, this.database.name, from, to, types, BATCH);
    const verdicts = batch.events.length > 0 ? await consumer.accept(batch.events) : undefined;
    // While versions change over, the process that answered may be an older one than the one that told its types.
    if (verdicts?.includes('UNKNOWN_TYPE') === true) throw new NotTakenError();
    return batch.end;
  }

  /** Sleeps until woken, or at most `ms`. */
  #sleep(ms?: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => done(), ms);
      const done = (): void => { clearTimeout(timer); this.#wake.delete(done); resolve(); };
      this.#wake.add(done);
    });
  }

  #wakeAll(): void { for (const done of [...this.#wake]) done(); }
}

class NotTakenError extends Error {
  override name = 'NotTakenError';
}

/**
 * How far a consumer has come: exact in memory, written every now and then. What a crash forgets is delivered again and
 * dropped by the consumer's inbox, which is cheaper than a commit for every batch.
 */
class SavedCursor {
  position: Position = START;
  #known = false;
  #dirtySince: number | null = null;

  constructor(private readonly database: Database, private readonly consumer: string) {}

  async read(): Promise<Position> {
    if (!this.#known) this.position = (await readCursor(this.database.system, this.consumer)) ?? START;
    this.#known = true;
    return this.position;
  }

  moveTo(position: Position): void {
    this.position = position;
    this.#dirtySince ??= performance.now();
  }

  /** How long it may stay unwritten; undefined when it is written. */
  get dueInMs(): number | undefined {
    return this.#dirtySince === null ? undefined : Math.max(1, this.#dirtySince + SAVE_EVERY_MS - performance.now());
  }

  async saveWhenDue(): Promise<void> {
    if (this.#dirtySince !== null && performance.now() - this.#dirtySince >= SAVE_EVERY_MS) await this.save();
  }

  async save(): Promise<void> {
    if (this.#dirtySince === null) return;
    this.#dirtySince = null;
    await moveCursor(this.database.system, this.consumer, this.position);
  }
}
