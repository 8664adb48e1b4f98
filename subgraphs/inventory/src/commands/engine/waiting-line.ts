import { takeTurns } from '../../domain/fair-turns.js';
import type { Entry } from './ask.js';

export interface LineLimits {
  /** Of all: beyond it, newcomers are told at once to come back. */
  readonly waiting: number;
  /** Of one stock: a crowd for one SKU leaves the other half of the line to the rest. */
  readonly ofOneStock: number;
  /** Of one batch. */
  readonly batch: number;
  /** Lines of all entries of one batch. */
  readonly lines: number;
}

export type Keyed = { readonly key: string; readonly lines: readonly unknown[] | null };

/** A batch: at most one entry a key; those that asked the very same wait for its answer. */
export interface Batch<E> { readonly entries: readonly E[]; readonly twins: ReadonlyMap<E, readonly E[]> }

/** The bounded line in front of the database. */
export class WaitingLine<Asked extends Keyed, Outcome> {
  #queue: Entry<Asked, Outcome>[] = [];
  readonly #ofStock = new Map<string, number>();

  constructor(readonly limits: LineLimits, private readonly isSame: (a: Asked, b: Asked) => boolean) {}

  get size(): number { return this.#queue.length; }

  waitingFor(stock: string): number { return this.#ofStock.get(stock) ?? 0; }

  /** Takes a newcomer in, or not. */
  offer(entry: Entry<Asked, Outcome>): boolean {
    const count = this.waitingFor(entry.stock);
    if (this.#queue.length >= this.limits.waiting || count >= this.limits.ofOneStock) return false;
    this.#ofStock.set(entry.stock, count + 1);
    this.#queue.push(entry);
    return true;
  }

  /** Puts entries in front again, that have to be asked once more. */
  putBack(entries: readonly Entry<Asked, Outcome>[]): void {
    for (const { stock } of entries) this.#ofStock.set(stock, this.waitingFor(stock) + 1);
    this.#queue = [...entries, ...this.#queue];
  }

  take(): Batch<Entry<Asked, Outcome>> {
    type E = Entry<Asked, Outcome>;
    const { turn, rest } = takeTurns(this.#queue, this.limits.batch);
    const entries: E[] = [];
    const later: E[] = [];
    const twins = new Map<E, E[]>();
    const byKey = new Map<string, E>();
    let lines = 0;
    for (const entry of turn) {
      const { tenantId, asked } = entry;
      const name = `${tenantId} ${asked.key}`;
      const first = byKey.get(name);
      const count = asked.lines?.length ?? 1;
      if (first !== undefined) {
        if (this.isSame(first.asked, asked)) twins.set(first, [...(twins.get(first) ?? []), entry]);
        else later.push(entry);
      } else if (later.length > 0 || (entries.length > 0 && lines + count > this.limits.lines)) {
        later.push(entry);
      } else {
        byKey.set(name, entry);
        entries.push(entry);
        lines += count;
      }
    }
    this.#queue = later.length === 0 ? rest : [...later, ...rest];
    for (const entry of entries) this.#leave(entry);
    for (const others of twins.values()) for (const entry of others) this.#leave(entry);
    return { entries, twins };
  }

  #leave({ stock }: Entry<Asked, Outcome>): void {
    const count = this.waitingFor(stock) - 1;
    if (count > 0) this.#ofStock.set(stock, count);
    else this.#ofStock.delete(stock);
  }
}
