import type { GatewayContext } from '../context.js';
import type { Operation } from '../plan/operation.js';
import type { Answer } from './answer.js';
import { Waiting } from './waiting.js';

interface Running { readonly answer: Promise<Answer>; readonly waiting: Waiting; readers: number }

/**
 * Lets equal queries that are under way at the same time be one.
 *
 * Equal means the same text, operation, variables, rights and language. Who joins gets what was read for the first, which
 * may have begun before the newest change: that is why it is off unless somebody wants it.
 */
export class SharedReads {
  readonly #running = new Map<string, Running>();

  /** Waits for the answer of an equal query, or runs this one for all that come meanwhile; it is given up when the last of them has left. */
  async run(operation: Operation, { viewer, language }: GatewayContext, waiting: Waiting, read: (waiting: Waiting) => Promise<Answer>): Promise<Answer> {
    const key = JSON.stringify([viewer.rightsKey, language, operation.operationName ?? null, operation.source, operation.variables]);
    const milliseconds = waiting.deadline - Date.now();
    let running = this.#running.get(key);
    if (running === undefined) {
      const own = new Waiting(milliseconds);
      running = { answer: read(own).finally(() => this.#running.delete(key)), waiting: own, readers: 0 };
      this.#running.set(key, running);
    }
    const joined = running;
    joined.readers += 1;
    try {
      return await waiting.for(milliseconds, () => joined.answer);
    } finally {
      joined.readers -= 1;
      if (joined.readers === 0) {
        joined.waiting.end();
        // Nobody may join what has been given up.
        if (this.#running.get(key) === joined) this.#running.delete(key);
      }
    }
  }
}
