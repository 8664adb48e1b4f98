import type { Patience } from '../sources/source.js';

/** Thrown where nobody waits for an answer any more: the client has left, or the time is up. */
export class NobodyWaits extends Error {
  override readonly name = 'NobodyWaits';
}

/** Thrown where a subgraph took longer than it may. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/** One fetch that is waited for. */
class Wait implements Patience {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(readonly deadline: number, private readonly onStop: (reason: Error) => void) {}

  /** Made only for sources that look at it: one in the same process does not. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  stop(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.onStop(reason);
  }
}

/** All that one operation waits for; it ends together. */
export class Waiting {
  readonly deadline: number;
  readonly #waits = new Set<Wait>();
  #ended = false;

  constructor(milliseconds: number) {
    this.deadline = Date.now() + milliseconds;
  }

  /** Calls on somebody and waits at most so long, and never past the end of the operation. */
  async for<T>(milliseconds: number, call: (patience: Patience) => Promise<T>): Promise<T> {
    if (this.#ended) throw new NobodyWaits('the client has left');
    const now = Date.now();
    const deadline = Math.min(this.deadline, now + milliseconds);
    if (deadline <= now) throw new TookTooLong('no time was left');
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waits.delete(wait);
      };
      const wait = new Wait(deadline, (reason) => { end(); reject(reason); });
      const timer = setTimeout(() => wait.stop(new TookTooLong('no answer in time')), deadline - now);
      this.#waits.add(wait);
      call(wait).then((value) => { end(); resolve(value); }, (error: unknown) => { end(); reject(error as Error); });
    });
  }

  /** Gives everything up, because the client has left. */
  end(): void {
    this.#ended = true;
    // Every request ends, most with nothing left to give up: an error with its stack would cost more than all else here.
    if (this.#waits.size === 0) return;
    const reason = new NobodyWaits('the client has left');
    for (const wait of [...this.#waits]) wait.stop(reason);
  }
}
