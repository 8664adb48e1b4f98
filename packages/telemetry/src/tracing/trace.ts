import { currentSpan, withSpan } from '../context.js';
import type { OpenSpan, SpanFields, SpanKind, Tracer } from './tracer.js';

/** How a span begins. */
export interface SpanStart {
  /** Default `internal`. */
  readonly kind?: SpanKind;
  /** The traceparent that came with the work; default the running span. null begins a trace of its own. */
  readonly parent?: string | null | undefined;
  readonly fields?: SpanFields;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

let tracer: Tracer | undefined;

/** Sets who begins spans in this process; undefined for nobody. */
export const useTracer = (chosen: Tracer | undefined): void => { tracer = chosen; };

/** Where the running work is in its trace, to be sent along with what it sets off; undefined where there is no trace. */
export const traceparent = (): string | undefined => currentSpan()?.traceparent;

/** The header that takes the running trace to another process. */
export const TRACE_HEADER = 'traceparent';

/** The headers by which a request to another process goes on with the running trace; none where there is none. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const running = traceparent();
  return running === undefined ? {} : { [TRACE_HEADER]: running };
}

/**
 * Begins a span by hand, for work that is no function; undefined where no traces are wanted. Steps and requests out
 * (`internal`, `client`) belong to some work: without a trace around them they are not told at all.
 */
export function beginSpan(name: string, { kind = 'internal', parent, fields = {} }: SpanStart = {}): OpenSpan | undefined {
  if (tracer === undefined) return undefined;
  const came = typeof parent === 'string' && TRACEPARENT.test(parent) ? parent : undefined;
  const above = came ?? (parent === null ? undefined : traceparent());
  if (above === undefined && (kind === 'internal' || kind === 'client')) return undefined;
  return tracer.begin(name, kind, above, fields);
}

/** Runs `work` in a span; costs one comparison where no traces are wanted. */
export function inSpan<T>(name: string, start: SpanStart, work: () => Promise<T>): Promise<T> {
  if (tracer === undefined) return work();
  const span = beginSpan(name, start);
  return span === undefined ? work() : ended(span, withSpan(span, work));
}

/** Runs `work` in a span that was begun by hand, if it was; does not end it. */
export const within = <T>(span: OpenSpan | undefined, work: () => T): T => (span === undefined ? work() : withSpan(span, work));

async function ended<T>(span: OpenSpan, working: Promise<T>): Promise<T> {
  try {
    const result = await working;
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
