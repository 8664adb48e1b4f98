/** So long a turn may take before only one request is begun in it. */
const SHORT_TURN_MILLISECONDS = 1;
const MOST_A_TURN = 8;

/**
 * Begins requests in the order in which they came, few in each turn of the event loop: what has begun goes on first, in
 * the same turn and as soon as its subgraphs have answered. With nothing else to do the next turn comes at once, so nobody
 * waits for a subgraph that is slow; but under load a few requests are near their end instead of all being half done,
 * and their data dies young instead of being copied by every garbage collection.
 */
export class Pace {
  readonly #waiting: { readonly begin: () => void; readonly since: number }[] = [];
  #begun = 0;
  #turning = false;
  #turnedAt = 0;
  /** After how many milliseconds one more of the row begins; follows what has been. */
  #each = 0;

  /** Waits for a request's turn to begin; undefined when that is now. */
  turn(): Promise<void> | undefined {
    if (!this.#turning) {
      this.#turning = true;
      this.#begun = 0;
      this.#turnedAt = performance.now();
      setImmediate(this.#turn);
    }
    if (this.#waiting.length === 0 && this.#begun < MOST_A_TURN && (this.#begun === 0 || performance.now() - this.#turnedAt < SHORT_TURN_MILLISECONDS)) {
      this.#begun += 1;
      return undefined;
    }
    return new Promise((resolve) => { this.#waiting.push({ begin: resolve, since: performance.now() }); });
  }

  /** How long whoever comes now will wait, in milliseconds: by the length of the row, and at least what its first has waited. */
  get late(): number {
    const [first] = this.#waiting;
    return first === undefined ? 0 : Math.max(performance.now() - first.since, this.#waiting.length * this.#each);
  }

  readonly #turn = (): void => {
    const now = performance.now();
    const each = (now - this.#turnedAt) / Math.max(1, this.#begun);
    this.#each += (each - this.#each) * (this.#each === 0 ? 1 : 0.1);
    const most = now - this.#turnedAt < SHORT_TURN_MILLISECONDS ? MOST_A_TURN : 1;
    this.#turnedAt = now;
    this.#begun = Math.min(most, this.#waiting.length);
    for (const { begin } of this.#waiting.splice(0, this.#begun)) begin();
    // A turn in which nobody waited ends it; the next who comes begins at once.
    if (this.#begun > 0) setImmediate(this.#turn);
    else this.#turning = false;
  };
}
