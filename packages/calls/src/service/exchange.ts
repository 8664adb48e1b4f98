import type { Dispatcher, Pool } from 'undici';

/** A whole answer. */
export interface WholeAnswer { readonly status: number; readonly headers: Dispatcher.ResponseData['headers']; readonly body: Buffer }

/** The answer had begun when it broke off: the request was worked on. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/**
 * Sends a request and waits for the whole answer. Straight on the connection: a stream for the body and a signal's
 * machinery cost more than everything else of a short exchange.
 */
export function exchange(pool: Pool, request: Dispatcher.DispatchOptions, signal: AbortSignal | undefined): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const answer = new Answer(resolve, reject, signal);
    pool.dispatch(request, answer);
  });
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #chunks: Buffer[] = [];
  readonly #leave: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: WholeAnswer['headers'] = {};

  constructor(private readonly resolve: (answer: WholeAnswer) => void, private readonly reject: (error: Error) => void, private readonly signal: AbortSignal | undefined) {
    if (signal === undefined) return;
    this.#leave = () => {
      // What still waits for a connection has no controller, and is given up when its turn comes.
      if (this.#controller === undefined) this.reject(signal.reason as Error);
      else this.#controller.abort(signal.reason as Error);
    };
    signal.addEventListener('abort', this.#leave);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.signal?.aborted === true) return controller.abort(this.signal.reason as Error);
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: WholeAnswer['headers']): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    const [only] = this.#chunks;
    this.resolve({ status: this.#status, headers: this.#headers, body: this.#chunks.length === 1 ? (only as Buffer) : Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.reject(this.#status === 0 ? error : new BrokenOff('the answer broke off', { cause: error }));
  }

  #end(): void {
    if (this.#leave !== undefined) this.signal?.removeEventListener('abort', this.#leave);
  }
}
