/** A map that forgets what was not asked for longest once it holds too much, and what is too old. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly until: number; readonly weight: number }>();
  #weight = 0;

  /** `size` counts entries, or what `weigh` says of them; `milliseconds` is how long an entry lives; without it, until it is pushed out. */
  constructor(private readonly size: number, private readonly milliseconds = Infinity, private readonly weigh: (value: V, key: K) => number = () => 1) {}

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until !== Infinity && entry.until <= Date.now()) {
      this.delete(key);
      return undefined;
    }
    // Taken out and put back: a Map remembers the order of insertion, so the first is the one longest unused.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    const weight = this.weigh(value, key);
    this.#entries.set(key, { value, until: this.milliseconds === Infinity ? Infinity : Date.now() + this.milliseconds, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.size) break;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#weight -= entry.weight;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** What all entries weigh together. */
  get weight(): number {
    return this.#weight;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** The keys, the one used last at the end. */
  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }
}
