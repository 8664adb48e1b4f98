/** How many calls a platform allows: so many at once, refilled by so many a second. */
export interface Rate { readonly burst: number; readonly perSecond: number }

interface Clock { now(): number; sleep(ms: number): Promise<void> }
const CLOCK: Clock = { now: () => performance.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

/** Hands out calls in the order they were asked for, as fast as the platform allows, and learns from what it answers. */
export class TokenBucket {
  #tokens: number;
  #filledAt: number;
  #notBefore = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(private rate: Rate, private readonly clock: Clock = CLOCK) {
    this.#tokens = rate.burst;
    this.#filledAt = clock.now();
  }

  /** Resolves when a call of this cost may be sent. */
  take(cost = 1): Promise<void> {
    this.#queue = this.#queue.then(() => this.#wait(Math.min(cost, this.rate.burst)));
    return this.#queue;
  }

  /** What the platform says is left, and how fast it comes back: it counts better than we do, and knows of calls that others make with the same key. */
  learn({ remaining, rate }: { readonly remaining?: number; readonly rate?: Rate }): void {
    this.#fill();
    if (rate !== undefined) this.rate = rate;
    if (remaining !== undefined) this.#tokens = Math.min(this.rate.burst, remaining);
  }

  /** No calls until then. */
  pause(ms: number): void {
    this.#notBefore = Math.max(this.#notBefore, this.clock.now() + ms);
  }

  async #wait(cost: number): Promise<void> {
    for (;;) {
      this.#fill();
      const missing = Math.max(0, cost - this.#tokens);
      const ms = Math.max(this.#notBefore - this.clock.now(), (missing / this.rate.perSecond) * 1000);
      if (ms <= 0) break;
      await this.clock.sleep(Math.ceil(ms));
    }
    this.#tokens -= cost;
  }

  #fill(): void {
    const now = this.clock.now();
    this.#tokens = Math.min(this.rate.burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.rate.perSecond);
    this.#filledAt = now;
  }
}
