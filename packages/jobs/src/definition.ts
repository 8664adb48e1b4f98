import type { log } from '@quanyu/telemetry';

/** Where the queue tells what failed: the log of @quanyu/telemetry. */
export type JobLog = Pick<typeof log, 'warn' | 'error'>;

/** Reads a payload and throws when it does not fit: a zod schema, or a function. */
export type PayloadParser<P> = { parse(payload: unknown): P } | ((payload: unknown) => P);

/** What a handler is told about its run. */
export interface JobContext {
  /** Aborted when the process stops and its time is up, or when another worker took the job over. */
  readonly signal: AbortSignal;
  /** 1 on the first try. A run cut off by a crash does not count. */
  readonly attempt: number;
}

/** A piece of work by the payload it is to be enqueued with. */
export interface DueJob<P> {
  readonly payload: P;
  /** Names the work, as in `enqueue`: what waits or runs already is not asked for twice. */
  readonly jobId: string;
}

/** What goes first when many wait: `urgent` before `normal` before `bulk`, and within each in the order they came. */
export type JobPriority = 'urgent' | 'normal' | 'bulk';

/**
 * A job that a process can run. Handlers get what they need by closure.
 *
 * A job may run more than once (crash, retry, lost lock), so `run` repeats safely; it throws when the try failed.
 */
export interface JobDefinition<P> {
  /** Unique in its queue, `<owner>.<verb>-<noun>`. */
  readonly name: string;
  readonly payload: PayloadParser<P>;
  /** Tries before the job is kept as failed; default 5. */
  readonly attempts?: number;
  /** Wait before the second try, in milliseconds, doubled for each further one and shortened by up to half at random; default 1000. */
  readonly firstRetryMs?: number;
  /** Default `normal`; `urgent` for what must not wait behind fifty thousand others. */
  readonly priority?: JobPriority;
  /**
   * Finds in the database the work that somebody should have asked for by now, oldest first, in batches of a few hundred.
   * The queue only hands work out, the truth is there: what a crash, a failed enqueue or a flushed Redis left out is
   * enqueued from here, every ten seconds and at once when the queue has lost its memory. It may name what waits already.
   */
  due?(): AsyncIterable<readonly DueJob<P>[]>;
  // Method syntax on purpose: a list of definitions with different payloads is a JobDefinition<unknown>[].
  run(payload: P, context: JobContext): Promise<void>;
}

/** The jobs a process knows, by name. */
export type Definitions = ReadonlyMap<string, JobDefinition<unknown>>;

/** Runs a job by the clock, with the payload `{}`. A tick missed while no worker ran is made up once, at the next start. */
export interface JobSchedule {
  readonly job: string;
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** IANA name; default UTC. */
  readonly timeZone?: string;
}

/** Gives a definition the type of its payload: `defineJob({ name, payload: z.object({...}), run(payload) {...} })`. */
export function defineJob<P>(definition: JobDefinition<P>): JobDefinition<P> {
  return definition;
}

/** Reads a payload by its definition; throws what the parser throws. */
export function parsePayload<P>(definition: JobDefinition<P>, payload: unknown): P {
  return typeof definition.payload === 'function' ? definition.payload(payload) : definition.payload.parse(payload);
}
