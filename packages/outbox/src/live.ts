import type { Database } from '@quanyu/database';
import type { EventEnvelope } from '@quanyu/events';
import { log } from '@quanyu/telemetry';
import { readLog, type Position } from './event-log.js';
import type { LogReader } from './log-reader.js';

/** What a live view follows. */
export interface LiveFilter {
  readonly tenantId: string;
  readonly types: readonly string[];
  readonly match?: (event: EventEnvelope) => boolean;
}

/** A view that falls further behind than this is ended, and its client resumes. */
const MAX_WAITING = 1_000;
const BATCH = 500;

/** Live views on one subgraph's own log: each gets the committed events it asked for, in log order. */
export class Live {
  #from: Position;
  #reading = false;
  readonly #streams = new Set<LiveStream>();
  readonly #unlisten: () => void;

  constructor(private readonly database: Database, private readonly reader: LogReader) {
    this.#from = reader.end;
    this.#unlisten = reader.onEnd(() => void this.#follow());
  }

  get size(): number { return this.#streams.size; }

  /** Follows the log from now on. The caller ends it by `return()`. */
  stream(filter: LiveFilter): AsyncIterableIterator<EventEnvelope> {
    const stream = new LiveStream(filter, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  stop(): void {
    this.#unlisten();
    for (const stream of this.#streams) void stream.return();
  }

  async #follow(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#from.xid < this.reader.end.xid || this.#from.id < this.reader.end.id) {
        if (this.#streams.size === 0) {
          this.#from = this.reader.end;
          break;
        }
        const { events, end } = await readLog(this.database.system, this.database.name, this.#from, this.reader.end, null, BATCH);
        for (const event of events) for (const stream of this.#streams) stream.offer(event);
        this.#from = end;
      }
    } catch (error) {
      log.warn('live views cannot read the log', { subgraph: this.database.name, error });
    } finally {
      this.#reading = false;
    }
  }
}

/** Hand-written: a parked generator cannot be ended from outside, and would leave its listener behind. */
class LiveStream implements AsyncIterableIterator<EventEnvelope> {
  #waiting: EventEnvelope[] = [];
  #next: ((result: IteratorResult<EventEnvelope>) => void) | undefined;
  #done = false;

  constructor(private readonly filter: LiveFilter, private readonly onEnd: () => void) {}

  offer(event: EventEnvelope): void {
    const { tenantId, types, match } = this.filter;
    if (event.tenantId !== tenantId || !types.includes(event.type) || match?.(event) === false) return;
    if (this.#next !== undefined) {
      const next = this.#next;
      this.#next = undefined;
      next({ done: false, value: event });
    } else if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push(event);
    } else {
      void this.return();
    }
  }

  next(): Promise<IteratorResult<EventEnvelope>> {
    const value = this.#waiting.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => { this.#next = resolve; });
  }

  return(): Promise<IteratorResult<EventEnvelope>> {
    this.#done = true;
    this.#waiting = [];
    this.onEnd();
    this.#next?.({ done: true, value: undefined });
    this.#next = undefined;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this { return this; }
}
