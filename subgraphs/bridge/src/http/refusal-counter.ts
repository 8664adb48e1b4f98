import type { Database } from '@quanyu/database';
import { countRefusals, type Refusals } from '../commands/deliveries/count-refusals.js';

type Refusal = Omit<Refusals, 'count'>;

/**
 * Counts refused webhooks, those that come while a count is written together with the next: a flood of them holds one
 * connection of the pool at most, and genuine ones keep theirs.
 */
export class RefusalCounter {
  #next: { readonly refusals: Map<string, Refusals>; readonly written: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Resolves once the refusal is counted. */
  count(refusal: Refusal): Promise<void> {
    this.#next ??= this.#open();
    const { refusals, written } = this.#next;
    refusals.set(refusal.connectionId, { ...refusal, count: (refusals.get(refusal.connectionId)?.count ?? 0) + 1 });
    return written;
  }

  #open(): { refusals: Map<string, Refusals>; written: Promise<void> } {
    const refusals = new Map<string, Refusals>();
    const written = this.#last.then(async () => {
      this.#next = undefined;
      for (const counted of refusals.values()) await countRefusals(this.database, counted);
    });
    this.#last = written.catch(() => undefined);
    return { refusals, written };
  }
}
