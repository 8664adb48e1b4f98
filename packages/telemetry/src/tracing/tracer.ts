import type { LogFields } from '../fields.js';

/** What a span is, seen from this process: a request taken in, one sent out, a message written or read, or a step of work. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** What a span may tell besides its name: the words of a log line, so nothing that a customer typed. */
export type SpanFields = Omit<LogFields, 'error'> & { /** Of an HTTP answer. */ readonly httpStatus?: number };

/** A span that has begun. */
export interface OpenSpan {
  /** W3C Trace Context: where this span is in its trace, for whoever goes on with the work. */
  readonly traceparent: string;
  readonly traceId: string;
  rename(name: string): void;
  tell(fields: SpanFields): void;
  /** Ends it; an error marks it as failed, by its code only. */
  end(error?: unknown): void;
}

/** Where traces go. */
export interface TracingOptions {
  /** The base URL of an OTLP receiver (HTTP): `/v1/traces` is added. */
  readonly endpoint: string;
  /** Tells the processes of a house apart. */
  readonly service: string;
  /** How many of the traces that begin here are kept, 0 to 1; default all. */
  readonly sampleRatio?: number;
}

/** Begins spans. There is one only where traces are wanted. */
export interface Tracer {
  begin(name: string, kind: SpanKind, parent: string | undefined, fields: SpanFields): OpenSpan;
}
