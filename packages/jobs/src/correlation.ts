import { currentContext, traceparent, withContext } from '@quanyu/telemetry';
import { isShortWord, type JobPayload } from './payload.js';

// A payload's own keys begin with a letter, so these never meet them.
const CORRELATION = '_correlationId';
const TRACE = '_traceparent';

/** Sends the running chain of cause along with a payload, so that what a webhook set off can be followed through its job. */
export function withCorrelation(payload: JobPayload): object {
  const { correlationId } = currentContext();
  const parent = traceparent();
  return {
    ...payload,
    ...(correlationId !== undefined && isShortWord(correlationId) && { [CORRELATION]: correlationId }),
    ...(parent !== undefined && { [TRACE]: parent }),
  };
}

/** Runs `work` in the chain of cause that came with a payload, with the payload as it was given and the trace it came from. */
export function inCorrelation<T>(data: unknown, work: (payload: unknown, parent: string | null) => T): T {
  const { [CORRELATION]: correlationId, [TRACE]: parent, ...payload } = (data ?? {}) as Record<string, unknown>;
  return withContext({ correlationId: typeof correlationId === 'string' ? correlationId : undefined }, () => work(payload, typeof parent === 'string' ? parent : null));
}
