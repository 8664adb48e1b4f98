const END = { done: true, value: undefined } as const;

/**
 * Runs `step` on each event of a source.
 *
 * Written by hand, because an async generator that waits for its next event cannot be cancelled: its
 * `return()` queues behind the wait, and the listener below lives on after the client has left.
 * One `next()` at a time, as `for await` does.
 */
export function mapEvents<T, U>(events: Pick<AsyncIterator<T, unknown>, 'next' | 'return'>, step: (event: T) => Promise<U>): AsyncIterableIterator<U> {
  let ended = false;
  let release: ((result: IteratorResult<U>) => void) | undefined;

  const end = (): void => {
    if (ended) return;
    ended = true;
    // Not awaited: a source that answers late must not hold up the one who leaves.
    void Promise.resolve(events.return?.()).catch(() => undefined);
  };

  const advance = async (): Promise<IteratorResult<U>> => {
    try {
      const event = await events.next();
      if (event.done === true) ended = true;
      if (ended) return END;
      return { done: false, value: await step(event.value as T) };
    } catch (error) {
      end();
      throw error;
    }
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (ended) return Promise.resolve(END);
      return new Promise((resolve, reject) => {
        release = resolve;
        advance().then(resolve, reject);
      });
    },
    return() {
      end();
      release?.(END);
      return Promise.resolve(END);
    },
    throw(error: unknown) {
      end();
      return Promise.reject(error as Error);
    },
  };
}

/** Tells a stream of results from a single one. */
export const isStream = <T>(value: AsyncIterableIterator<T> | object): value is AsyncIterableIterator<T> =>
  Symbol.asyncIterator in value;
