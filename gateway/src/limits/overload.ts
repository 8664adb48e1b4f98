import { counter } from '@quanyu/telemetry';
import type { Viewer } from '@quanyu/viewer';

const LOOK_MILLISECONDS = 50;

const shed = counter('quanyu_requests_shed_total', 'Requests refused because the process was too busy, by kind of viewer.', ['kind']);

/** Watches how late the process is, which is how long everybody waits, and says who is to come back later. */
export class Overload {
  #due = performance.now() + LOOK_MILLISECONDS;
  #late = 0;
  readonly #timer = setInterval(() => this.#look(), LOOK_MILLISECONDS).unref();

  /** @param row requests that wait for their turn; the event loop goes on meanwhile. */
  constructor(private readonly row: { readonly late: number } = { late: 0 }) {}

  /** How late the loop is, or the row that waits before it, in milliseconds; what the loop was falls off within a second. */
  get late(): number {
    return Math.max(this.#late, performance.now() - this.#due, this.row.late);
  }

  /** Seconds after which one shall come back whose patience is this long; undefined: it is served. */
  refuses(kind: Viewer['kind'], patienceMilliseconds: number): number | undefined {
    const { late } = this;
    if (late < patienceMilliseconds) return undefined;
    shed.add({ kind });
    return Math.min(30, Math.ceil(late / 1000) + 1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#late = Math.max(now - this.#due, this.#late * 0.8);
    this.#due = now + LOOK_MILLISECONDS;
  }
}
