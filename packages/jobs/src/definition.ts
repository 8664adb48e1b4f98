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
