/**
 * Does a piece of work now and then: never twice at once, and as early as anybody has asked for.
 * The work answers in how many milliseconds it wants to be done again; it does not throw.
 */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly work: () => Promise<number>) {}

  get stopped(): boolean { return this.#stopped; }

  /** Asks for a round at most `ms` from now. Never puts off an earlier one: who asks all the time would wait for ever. */
  within(ms: number): void {
    const dueAt = performance.now() + ms;
    if (this.#stopped || dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    if (this.#running === undefined) this.#timer = setTimeout(() => { this.#running = this.#round(); }, ms);
  }

  /** Ends it; resolves once the round under way has ended too. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #round(): Promise<void> {
    this.#dueAt = Infinity;
    const ms = await this.work();
    this.#running = undefined;
    const askedMeanwhileMs = Math.max(0, this.#dueAt - performance.now());
    this.#dueAt = Infinity;
    this.within(Math.min(ms, askedMeanwhileMs));
  }
}
