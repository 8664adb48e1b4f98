import type { GraphQLError } from 'graphql';
import { Batch } from './batch.js';
import { BoundedQueue } from './bounded-queue.js';
import { isBefore, type Payload } from './payload.js';

/** One who listens to a stream, on whatever transport. */
export interface Listener {
  deliver(batch: Batch): void;
  /** The stream is over; with errors when it did not end by itself. */
  end(errors: readonly GraphQLError[]): void;
}

/** A listener and its place in a group: what comes while its beginning is still read waits here. */
export class Member {
  #held: BoundedQueue | undefined;

  constructor(readonly listener: Listener, readonly after: string | undefined) {}

  hold(): void {
    this.#held ??= new BoundedQueue();
  }

  deliver(batch: Batch): void {
    if (this.#held === undefined) return this.listener.deliver(batch);
    for (const payload of batch.payloads) this.#held.push(payload);
  }

  /** Gives the beginning, and of what was held only what came after it. */
  begin(beginning: readonly Payload[], end: string): void {
    const held = this.#held;
    this.#held = undefined;
    const payloads = [...beginning];
    for (let next = held?.shift(); next !== undefined; next = held?.shift()) {
      if (next.cursor === undefined || isBefore(end, next.cursor)) payloads.push(next);
    }
    if (payloads.length > 0) this.listener.deliver(new Batch(payloads));
  }
}
