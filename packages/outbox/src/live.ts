import type { Database } from '@quanyu/database';
import type { EventEnvelope } from '@quanyu/events';
import { log } from '@quanyu/telemetry';
import { cursorOf, holdsBefore, isBefore, positionOf, readLog, type Position } from './event-log.js';
import { LiveStream, wants, type FollowedEvent, type LiveFilter } from './live-stream.js';
import type { LogReader } from './log-reader.js';

/** What a view has missed; not `complete` where the log no longer holds all of it, or where it is too much. */
export interface Missed {
  readonly complete: boolean;
  readonly events: readonly FollowedEvent[];
  /** What follows comes after this place. */
  readonly cursor: string;
}

const BATCH = 500;
const MOST_MISSED = 1_000;
const MOST_READ = 10_000;

/** Live views on one subgraph's own log: each gets the committed events it asked for, in log order. */
export class Live {
  #from: Position;
  #reading = false;
  readonly #streams = new Set<LiveStream>();
  readonly #unlisten: () => void;

  constructor(private readonly database: Database, private readonly reader: LogReader) {
    this.#from = reader.end;
    this.#unlisten = reader.onEnd(() => void this.#follow(), () => this.#streams.size > 0);
  }

  get size(): number { return this.#streams.size; }

  /** The place up to which every view has been told. */
  get cursor(): string { return cursorOf(this.#from); }

  /** Follows the log from now on. The caller ends it by `return()`. */
  stream(filter: LiveFilter): LiveStream {
    const stream: LiveStream = new LiveStream(filter, this.cursor, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  /**
   * Reads what a view would have been told after `after` and up to now. "Now" is taken before the first read: a
   * stream that was opened earlier tells what comes after the answer's cursor.
   */
  async missed(filter: LiveFilter, after: string): Promise<Missed> {
    const to = this.#from;
    const events: FollowedEvent[] = [];
    const answer = (complete: boolean): Missed => ({ complete, events: complete ? events : [], cursor: cursorOf(to) });
    let from = positionOf(after);
    if (from === null || !(await holdsBefore(this.database.system, from))) return answer(false);
    for (let read = 0; isBefore(from, to); read += BATCH) {
      if (read >= MOST_READ) return answer(false);
      const batch = await readLog(this.database.system, this.database.name, from, to, filter.types, BATCH);
      events.push(...placed(batch).filter((event) => wants(filter, event)));
      if (events.length > MOST_MISSED) return answer(false);
      from = batch.end;
    }
    return answer(true);
  }

  stop(): void {
    this.#unlisten();
    for (const stream of this.#streams) void stream.return();
  }

  async #follow(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (isBefore(this.#from, this.reader.end)) {
        if (this.#streams.size === 0) {
          this.#from = this.reader.end;
          break;
        }
        const batch = await readLog(this.database.system, this.database.name, this.#from, this.reader.end, null, BATCH);
        for (const event of placed(batch)) for (const stream of this.#streams) stream.offer(event);
        this.#from = batch.end;
      }
    } catch (error) {
      log.warn('live views cannot read the log', { subgraph: this.database.name, error });
    } finally {
      this.#reading = false;
    }
  }
}

const placed = ({ events, positions }: { readonly events: readonly EventEnvelope[]; readonly positions: readonly Position[] }): FollowedEvent[] =>
  events.map((event, i) => ({ ...event, cursor: cursorOf(positions[i]!) }));
