import type { EventEnvelope } from '@quanyu/events';

/** What a live view follows. */
export interface LiveFilter {
  /** null: of all tenants, for services. */
  readonly tenantId: string | null;
  readonly types: readonly string[];
  readonly match?: (event: EventEnvelope) => boolean;
}

/** An event, and the place in its log behind which a view goes on after a break. */
export interface FollowedEvent extends EventEnvelope { readonly cursor: string }

/** A view that falls further behind than this is ended, and its reader resumes. */
const MAX_WAITING = 1_000;

const END = { done: true, value: undefined } as const;

/** Tells whether a view wants an event. */
export const wants = ({ tenantId, types, match }: LiveFilter, event: EventEnvelope): boolean =>
  (tenantId === null || event.tenantId === tenantId) && types.includes(event.type) && match?.(event) !== false;

/** One live view. Hand-written: a parked generator cannot be ended from outside, and would leave its listener behind. */
export class LiveStream implements AsyncIterableIterator<FollowedEvent> {
  #waiting: FollowedEvent[] = [];
  #next: ((result: IteratorResult<FollowedEvent>) => void) | undefined;
  #done = false;

  constructor(private readonly filter: LiveFilter, /** Its events come after this place. */ readonly start: string, private readonly onEnd: () => void) {}

  offer(event: FollowedEvent): void {
    if (!wants(this.filter, event)) return;
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

  next(): Promise<IteratorResult<FollowedEvent>> {
    const value = this.#waiting.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#done) return Promise.resolve(END);
    return new Promise((resolve) => { this.#next = resolve; });
  }

  return(): Promise<IteratorResult<FollowedEvent>> {
    this.#done = true;
    this.#waiting = [];
    this.onEnd();
    this.#next?.(END);
    this.#next = undefined;
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this { return this; }
}
