import type { GraphQLError } from 'graphql';
import type { Batch } from './batch.js';
import { BoundedQueue } from './bounded-queue.js';
import type { Listener } from './member.js';

const END = { done: true, value: undefined } as const;

/**
 * A stream for transports that ask for the next payload when the last one is sent (SSE, multipart): texts of JSON,
 * one an execution result. What is not asked for waits in a bounded queue, as for a WebSocket that is not read.
 */
export class PullListener implements Listener, AsyncIterableIterator<string> {
  readonly #queue = new BoundedQueue();
  #ended = false;
  #last: string | undefined;
  #wake: ((result: IteratorResult<string>) => void) | undefined;
  /** Set by whoever lets it join. */
  leave: (() => void) | undefined;

  constructor(private readonly present: (errors: readonly GraphQLError[]) => string) {}

  deliver(batch: Batch): void {
    for (const payload of batch.payloads) this.#queue.push(payload);
    this.#serve();
  }

  end(errors: readonly GraphQLError[]): void {
    if (this.#ended) return;
    this.#ended = true;
    if (errors.length > 0) this.#last = this.present(errors);
    this.leave?.();
    this.#serve();
  }

  next(): Promise<IteratorResult<string>> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<string>> {
    while (this.#queue.shift() !== undefined);
    this.end([]);
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this { return this; }

  #serve(): void {
    if (this.#wake === undefined) return;
    const text = this.#queue.shift()?.json ?? (this.#ended ? this.#last : undefined);
    if (text === undefined && !this.#ended) return;
    if (text !== undefined && text === this.#last) this.#last = undefined;
    const wake = this.#wake;
    this.#wake = undefined;
    wake(text === undefined ? END : { done: false, value: text });
  }
}
