import type { JobQueue } from './backend.js';
import type { Definitions, JobSchedule } from './definition.js';
import { JobError } from './errors.js';
import { bullOptions } from './options.js';

// A tick this near is left to run as it was planned: planning it anew could skip it.
const NEAR_MS = 5_000;

/** Makes the stored schedules equal to the registered ones; those of a queue no longer registered are removed. */
export async function syncSchedules(queue: JobQueue, schedules: readonly JobSchedule[], definitions: Definitions): Promise<void> {
  const wanted = new Map(schedules.map((schedule) => [scheduleId(schedule), schedule]));
  const stored = new Map((await queue.getJobSchedulers(0, -1, true)).map(({ key, next }) => [key, next]));
  for (const id of stored.keys()) if (!wanted.has(id)) await queue.removeJobScheduler(id);
  for (const [id, schedule] of wanted) {
    const next = stored.get(id);
    // Due while nobody was there: the waiting tick is kept, so that a nightly job missed by a restart still runs.
    if (next !== undefined && next < Date.now() + NEAR_MS && (await isPlanned(queue, id, next))) continue;
    await plan(queue, id, schedule, definitions);
  }
}

async function plan(queue: JobQueue, id: string, schedule: JobSchedule, definitions: Definitions): Promise<void> {
  const definition = definitions.get(schedule.job);
  if (!definition) throw new JobError('JOB_UNKNOWN', schedule.job);
  try {
    const template = { name: definition.name, data: {}, opts: bullOptions(definition) };
    await queue.upsertJobScheduler(id, { pattern: schedule.cron, tz: schedule.timeZone ?? 'UTC' }, template);
  } catch (error) {
    // Two processes starting at once plan the same tick and one is refused: all is well if the tick stands.
    const next = (await queue.getJobScheduler(id))?.next;
    if (next === undefined) throw new JobError('JOB_CRON_INVALID', `${schedule.job} ${schedule.cron}`);
    if (!(await isPlanned(queue, id, next))) throw error;
  }
}

async function isPlanned(queue: JobQueue, id: string, next: number): Promise<boolean> {
  return (await queue.getJobState(`repeat:${id}:${next}`)) !== 'unknown';
}

function scheduleId({ job, cron, timeZone = 'UTC' }: JobSchedule): string {
  return `${job}|${cron}|${timeZone}`;
}
