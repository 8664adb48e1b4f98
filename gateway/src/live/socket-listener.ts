import type { ExecutionResult, GraphQLError } from 'graphql';
import { Batch, nextPrefix } from './batch.js';
import { BoundedQueue } from './bounded-queue.js';
import type { LiveConnection, Waiting } from './connection.js';
import type { Listener } from './member.js';

const END = { done: true, value: undefined } as const;

/**
 * One subscription of a WebSocket. Payloads go straight to the socket; for the package that keeps the protocol's
 * states it is an iterator that yields nothing but the error it may end with, and whose `return()` is the client's leaving.
 */
export class SocketListener implements Listener, Waiting, AsyncIterableIterator<ExecutionResult> {
  readonly #queue = new BoundedQueue();
  readonly #prefix: string;
  #settle: { readonly resolve: (end: typeof END) => void; readonly reject: (error: GraphQLError) => void } | undefined;
  #ended: GraphQLError | true | undefined;
  /** Set by whoever lets it join. */
  leave: (() => void) | undefined;

  constructor(private readonly connection: LiveConnection, id: string) {
    this.#prefix = nextPrefix(id);
  }

  deliver(batch: Batch): void {
    if (!this.connection.open) return;
    if (this.#queue.size === 0 && !this.connection.congested) {
      for (const payload of batch.payloads) this.#queue.tell(payload);
      return this.connection.write(batch.frames(this.#prefix));
    }
    for (const payload of batch.payloads) this.#queue.push(payload);
    this.connection.wait(this);
  }

  resume(): void {
    while (!this.connection.congested) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.connection.write(new Batch([next]).frames(this.#prefix));
    }
    this.connection.wait(this);
  }

  end([error]: readonly GraphQLError[]): void {
    this.#ended ??= error ?? true;
    if (this.#ended === true) this.#settle?.resolve(END);
    else this.#settle?.reject(this.#ended);
  }

  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.#ended === true) return Promise.resolve(END);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => { this.#settle = { resolve, reject }; });
  }

  return(): Promise<IteratorResult<ExecutionResult>> {
    this.leave?.();
    this.connection.forget(this);
    this.end([]);
    return Promise.resolve(END);
  }

  throw(): Promise<IteratorResult<ExecutionResult>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this { return this; }
}
