const HINT_MS = 250;
const MOST_STOCKS = 10_000;
const MOST_KEYS = 50_000;

/**
 * What this process has seen sold out a moment ago: lets a crowd be told so without the database. It may only say no,
 * never to whom it has said yes, and is forgotten in a quarter of a second.
 */
export class SoldOutHints {
  readonly #until = new Map<string, number>();
  readonly #granted = new Set<string>();

  saw(stock: string, nowMs: number): void {
    forgetOldest(this.#until, MOST_STOCKS);
    this.#until.set(stock, nowMs + HINT_MS);
  }

  forget(stock: string): void { this.#until.delete(stock); }

  granted(key: string): void {
    forgetOldest(this.#granted, MOST_KEYS);
    this.#granted.add(key);
  }

  saysNo(stock: string, key: string, nowMs: number): boolean {
    const until = this.#until.get(stock);
    return until !== undefined && nowMs < until && !this.#granted.has(key);
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>, most: number): void {
  if (kept.size >= most) kept.delete(kept.keys().next().value!);
}
