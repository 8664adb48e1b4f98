import { currentContext, traceparent } from '@quanyu/telemetry';

/** What the running work follows from, as the functions of this schema take it. */
export interface Cause {
  readonly correlationId: string | null;
  /** The id of the event or request and, after a blank, where it is in its trace: `cause_id` and `cause_trace` in SQL take it apart. */
  readonly cause: string | null;
}

/** The cause of the running work. */
export function currentCause(): Cause {
  const { correlationId, causationId } = currentContext();
  return { correlationId: correlationId ?? null, cause: `${causationId ?? ''} ${traceparent() ?? ''}`.trimEnd() || null };
}
