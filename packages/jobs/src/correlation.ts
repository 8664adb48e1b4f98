import { currentContext, withContext } from '@quanyu/telemetry';
import { isShortWord, type JobPayload } from './payload.js';

// A payload's own keys begin with a letter, so this one never meets them.
const KEY = '_correlationId';

/** Sends the running chain of cause along with a payload, so that what a webhook set off can be followed through its job. */
export function withCorrelation(payload: JobPayload): object {
  const { correlationId } = currentContext();
  return correlationId !== undefined && isShortWord(correlationId) ? { ...payload, [KEY]: correlationId } : payload;
}

/** Runs `work` in the chain of cause that came with a payload, with the payload as it was given. */
export function inCorrelation<T>(data: unknown, work: (payload: unknown) => T): T {
  const { [KEY]: correlationId, ...payload } = (data ?? {}) as Record<string, unknown>;
  return withContext({ correlationId: typeof correlationId === 'string' ? correlationId : undefined }, () => work(payload));
}
