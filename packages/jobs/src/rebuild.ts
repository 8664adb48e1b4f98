import type { JobQueue } from './backend.js';
import { defineJob, type Definitions, type DueJob, type JobDefinition } from './definition.js';
import { jobsRebuilt } from './metrics.js';

/** The job that enqueues due work from the database; every queue has it, and its schedule tells whether the queue has lost its memory. */
export const REBUILD = 'jobs.rebuild';
export const REBUILD_SCHEDULE = { job: REBUILD, cron: '*/10 * * * * *' };

/** What the rebuild needs of the queue. */
export interface DueQueue {
  enqueueAll(name: string, jobs: readonly DueJob<unknown>[]): Promise<void>;
  /** Whether the queue still has a job, waiting or running. */
  has(name: string, jobId: string): Promise<boolean>;
}

/** Enqueues what each definition's `due` finds. Enough is enqueued again when the queue has it: one batch a kind is all that an intact queue costs. */
export const rebuildJob = (definitions: Definitions, queue: DueQueue): JobDefinition<object> => defineJob({
  name: REBUILD,
  payload: () => ({}),
  priority: 'urgent',
  // The next tick is ten seconds away: no need to insist.
  attempts: 1,
  run: async (_payload, { signal }) => {
    for (const { name, due } of definitions.values()) {
      if (due === undefined) continue;
      let first = true;
      for await (const batch of due()) {
        if (signal.aborted || batch.length === 0 || (!first && (await isIntact(queue, name, batch)))) break;
        await queue.enqueueAll(name, batch);
        jobsRebuilt.add({ job: name }, batch.length);
        first = false;
      }
    }
  },
});

/** The oldest work is always asked for; later batches only where the queue does not know them. */
async function isIntact(queue: DueQueue, name: string, batch: readonly DueJob<unknown>[]): Promise<boolean> {
  const ends = [batch[0]!, batch.at(-1)!];
  return (await Promise.all(ends.map(({ jobId }) => queue.has(name, jobId)))).every(Boolean);
}

const WAITS_OR_RUNS = new Set(['waiting', 'prioritized', 'delayed', 'active', 'paused']);

/** Whether a job of this id waits or runs. */
export const isInQueue = async (queue: JobQueue, id: string): Promise<boolean> => WAITS_OR_RUNS.has(await queue.getJobState(id));
