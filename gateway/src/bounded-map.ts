/** A map that forgets what was not asked for longest once it holds `size` entries, and what is too old. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly until: number }>();

  /** `milliseconds` is how long an entry lives; without it, until it is pushed out. */
  constructor(private readonly size: number, private readonly milliseconds = Infinity) {}

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // Taken out and put back: a Map remembers the order of insertion, so the first is the one longest unused.
    this.#entries.delete(key);
    if (entry.until <= Date.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: Date.now() + this.milliseconds });
    if (this.#entries.size > this.size) this.#entries.delete(this.#entries.keys().next().value as K);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }

  get count(): number {
    return this.#entries.size;
  }
}
