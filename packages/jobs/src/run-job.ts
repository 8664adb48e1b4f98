import { inSpan, secondsSince } from '@quanyu/telemetry';
import { UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { inCorrelation } from './correlation.js';
import { parsePayload, type Definitions, type JobContext, type JobLog } from './definition.js';
import { JobError, storedReason } from './errors.js';
import { jobRunSeconds, jobsFailed, jobWaitSeconds } from './metrics.js';

/** The runs under way, by job id, so that they can be told to end. */
export type RunningJobs = Map<string, AbortController>;

/** Makes the one processor of a queue: finds the definition by name, reads the payload, runs, and keeps only a code of what failed. */
export function jobRunner(definitions: Definitions, running: RunningJobs, log: JobLog) {
  return (job: Job, token?: string): Promise<void> =>
    inCorrelation(job.data, async (payload, parent) => {
      const run = new AbortController();
      const id = job.id ?? '';
      const attempt = job.attemptsMade + 1;
      const startedAt = performance.now();
      running.set(id, run);
      // By whose clock it is told differs between machines; a histogram takes less than nothing for zero.
      if (attempt === 1) jobWaitSeconds.observe({ job: job.name }, (Date.now() - job.timestamp - job.delay) / 1000);
      let outcome = 'failed';
      try {
        await inSpan(`job ${job.name}`, { kind: 'consumer', parent, fields: { jobName: job.name, attempt } }, () => runOnce(definitions, job.name, payload, { signal: run.signal, attempt }));
        outcome = 'ok';
      } catch (error) {
        if (run.signal.aborted) {
          outcome = 'cut-off';
          // Cut off by us, not failed: the next worker takes it up at once and no attempt is spent.
          await job.moveToWait(token);
          throw new WaitingError();
        }
        const errorCode = error instanceof UnrecoverableError ? error.message : storedReason(error);
        const fields = { jobName: job.name, attempt, errorCode, error, ms: performance.now() - startedAt };
        if (error instanceof UnrecoverableError || attempt >= (job.opts.attempts ?? 1)) {
          jobsFailed.add({ job: job.name });
          log.error('job failed for good', fields);
          throw new UnrecoverableError(errorCode);
        }
        log.warn('job attempt failed', fields);
        throw new Error(errorCode);
      } finally {
        jobRunSeconds.observe({ job: job.name, outcome }, secondsSince(startedAt));
        if (running.get(id) === run) running.delete(id);
      }
    });
}

async function runOnce(definitions: Definitions, name: string, data: unknown, context: JobContext): Promise<void> {
  const definition = definitions.get(name);
  // Retried like any failure: while versions are changed over, a worker that knows the name may be a minute away.
  if (!definition) throw new JobError('JOB_UNKNOWN', name);
  let payload: unknown;
  try {
    payload = parsePayload(definition, data);
  } catch {
    throw new UnrecoverableError('JOB_PAYLOAD_INVALID');
  }
  await definition.run(payload, context);
}
