const HINT_MS = 250;
const GENERATION = 25_000;

/**
 * What this process has seen sold out a moment ago: lets a crowd be told so without the database. It may only say no,
 * never to whom it has said yes, and is forgotten in a quarter of a second.
 */
export class SoldOutHints {
  #until = new Map<string, number>();
  // Two generations: the older is dropped whole, since taking single old entries out of a set gets slow.
  #granted = new Set<string>();
  #grantedBefore = new Set<string>();

  saw(stock: string, nowMs: number): void {
    if (this.#until.size >= GENERATION) this.#until = new Map();
    this.#until.set(stock, nowMs + HINT_MS);
  }

  granted(key: string): void {
    if (this.#granted.size >= GENERATION) {
      this.#grantedBefore = this.#granted;
      this.#granted = new Set();
    }
    this.#granted.add(key);
  }

  saysNo(stock: string, key: string, nowMs: number): boolean {
    const until = this.#until.get(stock);
    return until !== undefined && nowMs < until && !this.#granted.has(key) && !this.#grantedBefore.has(key);
  }
}
