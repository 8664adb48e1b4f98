import type { Wanted } from '../../domain/ask.js';
import type { AskOutcome, Deed, DeedOutcome } from '../../domain/outcome.js';
import type { Cause } from '../cause.js';

/** An ask for stock as the engine judges it: sound lines, one a SKU. */
export interface Ask {
  readonly tenantId: string;
  /** The idempotency: one reservation a key. */
  readonly key: string;
  /** Of what is asked: the same key with another content is refused. */
  readonly hash: string;
  readonly lines: readonly Wanted[];
  readonly bucket: string;
  readonly memberId: string | null;
  /** Where the goods go, in the words of the sourcing rules. */
  readonly region: string | null;
  /** Null: without an end. */
  readonly holdSeconds: number | null;
  /** Held in part is better than not at all. */
  readonly inPart: boolean;
  /** Whom events tell of it: nobody, orders when it is held, or also when it is short. */
  readonly tells: 'nobody' | 'held' | 'held and short';
  /** The payment came after the hold had ended: held again if there is still enough, and confirmed. */
  readonly late: boolean;
}

/** What is to become of a reservation. */
export interface DeedAsk {
  readonly tenantId: string;
  readonly key: string;
  readonly deed: Deed;
  /** Null: all of it. */
  readonly lines: readonly Wanted[] | null;
  /** Names a part, which is then done once however often it is asked for; null for all of it. */
  readonly reference: string | null;
  readonly seconds: number | null;
  readonly reason: string | null;
}

/** Something that waits for its turn, with who waits for the answer. */
export interface Entry<Asked, Outcome> extends Cause {
  readonly tenantId: string;
  readonly stock: string;
  readonly asked: Asked;
  answer(outcome: Outcome): void;
  fail(error: unknown): void;
}

export type AskEntry = Entry<Ask, AskOutcome>;
export type DeedEntry = Entry<DeedAsk, DeedOutcome>;
