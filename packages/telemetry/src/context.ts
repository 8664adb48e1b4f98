import { AsyncLocalStorage } from 'node:async_hooks';

/** The chain of cause that a piece of work belongs to; follows it through awaits and callbacks. */
export interface LogContext {
  /** The request of a client, as told in `extensions.requestId`. */
  readonly requestId?: string | undefined;
  /** The same for everything that one outside impulse set off. */
  readonly correlationId?: string | undefined;
  /** The event or request that directly caused this work. */
  readonly causationId?: string | undefined;
}

const storage = new AsyncLocalStorage<LogContext>();
const NOTHING: LogContext = Object.freeze({});

/** Tells the context of the running work; empty outside `withContext`. */
export const currentContext = (): LogContext => storage.getStore() ?? NOTHING;

/** Runs `work` in a context; what is not given is kept from the context around it. */
export function withContext<T>(context: LogContext, work: () => T): T {
  const outer = currentContext();
  return storage.run(
    {
      requestId: context.requestId ?? outer.requestId,
      correlationId: context.correlationId ?? outer.correlationId,
      causationId: context.causationId ?? outer.causationId,
    },
    work,
  );
}
