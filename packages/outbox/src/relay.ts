import type { Database } from '@quanyu/database';
import type { EventEnvelope } from '@quanyu/events';
import { log } from '@quanyu/telemetry';
import pg from 'pg';
import { isBefore, moveCursor, readCursor, readLog, START, type Position } from './event-log.js';
import type { LogReader } from './log-reader.js';

/** A consumer's event door as the relay sees it: resolves once inbox rows and effects have committed. */
export interface Consumer {
  readonly name: string;
  readonly types: readonly string[];
  accept(events: readonly EventEnvelope[]): Promise<void>;
}

const BATCH = 200;
const RETRY_MS = [50, 200, 1000, 3000];
const LOCK_RETRY_MS = 1000;
const SAVE_EVERY_MS = 200;

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
      const lost = new Promise<void>((resolve) => { client.once('end', resolve); client.once('error', () => resolve()); });
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
        const from = await cursor.read();
        const end = this.reader.end;
        if (isBefore(from, end)) cursor.moveTo(await this.#handOver(consumer, from, end));
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

  async #handOver(consumer: Consumer, from: Position, to: Position): Promise<Position> {
    const batch = await readLog(this.database.system, this.database.name, from, to, consumer.types, BATCH);
    if (batch.events.length > 0) await consumer.accept(batch.events);
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
