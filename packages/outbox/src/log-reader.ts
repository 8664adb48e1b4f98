import type { Database } from '@quanyu/database';
import { log } from '@quanyu/telemetry';
import { onBell } from './bell.js';
import { isBefore, safeEnd, START, type Position } from './event-log.js';
import type { Hints } from './hints/hints.js';

type EndListener = (end: Position) => void;

/** However often it rings: a look takes in all that has committed since the last one. The more rings between two looks, the longer the next one waits, so that what follows works on more at once. */
const SOON_MS = 4;
const LATEST_MS = 24;
/** While nobody would hear of it: near enough for who begins to follow. */
const UNHURRIED_MS = 100;
/** After a bell whose transaction still waits for older ones: look again soon, then less often. */
const CHASE_MS = [1, 2, 4, 8, 15, 25];

/**
 * Watches the end of one subgraph's log with one small query a look: soon after a commit of this process or a hint from
 * another, at leisure while nobody follows, else every `idleMs`. Whoever follows the log (consumers, live views) hangs on it instead
 * of polling for itself.
 */
export class LogReader {
  #end: Position = START;
  #wanted = 0n;
  #chase = 0;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;
  #rings = 0;
  readonly #listeners = new Map<EndListener, () => boolean>();
  readonly #silence: () => void;

  constructor(private readonly database: Database, private readonly idleMs: number, private readonly hints?: Hints) {
    this.#silence = onBell(database, (xid) => {
      this.#lookSoon(xid);
      hints?.ring(xid);
    });
  }

  /** Takes the first look, so that live views start from now. */
  async start(): Promise<void> {
    await this.#look();
    await this.hints?.listen((xid) => this.#lookSoon(xid));
  }

  get end(): Position { return this.#end; }

  /** @param isEager whether it wants to know soon at this moment; else it is told when it is known anyway. */
  onEnd(listener: EndListener, isEager = (): boolean => true): () => void {
    this.#listeners.set(listener, isEager);
    return () => { this.#listeners.delete(listener); };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#silence();
    clearTimeout(this.#timer);
    await this.hints?.stop();
    await this.#looking;
  }

  #lookSoon(xid: bigint): void {
    if (xid > this.#wanted) this.#wanted = xid;
    this.#chase = 0;
    this.#rings += 1;
    this.#schedule(this.#restMs());
  }

  /** How long the next look is to wait yet. */
  #restMs(): number {
    const isEager = [...this.#listeners.values()].some((wants) => wants());
    return Math.max(0, this.#lookedAt + (isEager ? Math.min(SOON_MS * this.#rings, LATEST_MS) : UNHURRIED_MS) - performance.now());
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#looking ??= this.#look().finally(() => { this.#looking = undefined; }); }, ms);
  }

  async #look(): Promise<void> {
    this.#lookedAt = performance.now();
    this.#rings = 0;
    try {
      const end = await safeEnd(this.database.system);
      if (end !== null && isBefore(this.#end, end)) {
        this.#end = end;
        for (const listener of this.#listeners.keys()) listener(end);
      }
    } catch (error) {
      if (!this.#stopped) log.warn('event log cannot be read', { subgraph: this.database.name, error });
    }
    const behind = this.#end.xid < this.#wanted && this.#chase < CHASE_MS.length * 4;
    this.#schedule(behind ? Math.max(CHASE_MS[Math.min(this.#chase++, CHASE_MS.length - 1)]!, this.#restMs()) : this.idleMs);
  }
}
