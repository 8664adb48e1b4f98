import { AsyncLocalStorage } from 'node:async_hooks';
import type { OpenSpan } from './tracing/tracer.js';

/** The chain of cause that a piece of work belongs to; follows it through awaits and callbacks. */
export interface LogContext {
  /** The request of a client, as told in `extensions.requestId`. */
  readonly requestId?: string | undefined;
  /** The same for everything that one outside impulse set off. */
  readonly correlationId?: string | undefined;
  /** The event or request that directly caused this work. */
  readonly causationId?: string | undefined;
}

interface Frame extends LogContext { readonly span?: OpenSpan | undefined }

const storage = new AsyncLocalStorage<Frame>();
const NOTHING: Frame = Object.freeze({});
const currentFrame = (): Frame => storage.getStore() ?? NOTHING;

/** Tells the context of the running work; empty outside `withContext`. */
export const currentContext = (): LogContext => currentFrame();

/** Runs `work` in a context; what is not given is kept from the context around it. */
export function withContext<T>(context: LogContext, work: () => T): T {
  const outer = currentFrame();
  return storage.run(
    {
      requestId: context.requestId ?? outer.requestId,
      correlationId: context.correlationId ?? outer.correlationId,
      causationId: context.causationId ?? outer.causationId,
      span: outer.span,
    },
    work,
  );
}

/** The span that the running work belongs to. */
export const currentSpan = (): OpenSpan | undefined => currentFrame().span;

/** Runs `work` inside a span, with the rest of the context as it is. */
export const withSpan = <T>(span: OpenSpan, work: () => T): T => storage.run({ ...currentFrame(), span }, work);
