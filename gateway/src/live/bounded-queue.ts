import { laggedPayload, type Payload } from './payload.js';

const MOST_WAITING = 256;

/**
 * What waits for a client that reads too slowly. Of levels only the latest of each key; when even that is too much,
 * all of it is dropped and the client is told so: a queue that grows would make one slow reader everybody's trouble.
 */
export class BoundedQueue {
  readonly #waiting = new Map<string | number, Payload>();
  #serial = 0;
  #missed = 0;
  /** What a client that was told `lagged` can resume after. */
  #told: string | undefined;

  constructor(private readonly most = MOST_WAITING) {}

  get size(): number {
    return this.#waiting.size + (this.#missed > 0 ? 1 : 0);
  }

  push(payload: Payload): void {
    const key = payload.key ?? (this.#serial += 1);
    this.#waiting.delete(key);
    if (this.#waiting.size >= this.most) {
      this.#missed += this.#waiting.size;
      this.#waiting.clear();
    }
    this.#waiting.set(key, payload);
  }

  /** The next payload for the client; a notice first when some were dropped. */
  shift(): Payload | undefined {
    if (this.#missed > 0) {
      const notice = laggedPayload(this.#missed, this.#told);
      this.#missed = 0;
      return notice;
    }
    const next = this.#waiting.entries().next();
    if (next.done === true) return undefined;
    const [key, payload] = next.value;
    this.#waiting.delete(key);
    this.tell(payload);
    return payload;
  }

  /** Notes what the client has got, also past this queue. */
  tell({ cursor }: Payload): void {
    this.#told = cursor ?? this.#told;
  }
}
