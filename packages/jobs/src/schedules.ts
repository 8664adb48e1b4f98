import type { JobQueue } from './backend.js';
import type { Definitions, JobSchedule } from './definition.js';
import { JobError } from './errors.js';
import { bullOptions } from './options.js';

// A tick this near is left to run as it was planned: planning it anew could skip it.
const NEAR_MS = 5_000;
/** A tick that nobody has taken up this long after its time was not seen. */
const OVERDUE_MS = 30_000;

/** Makes the stored schedules equal to the registered ones; those of a queue no longer registered are removed. */
export async function syncSchedules(queue: JobQueue, schedules: readonly JobSchedule[], definitions: Definitions): Promise<void> {
  const wanted = byId(schedules);
  const stored = await storedSchedules(queue);
  for (const id of stored.keys()) if (!wanted.has(id)) await queue.removeJobScheduler(id);
  for (const [id, schedule] of wanted) {
    const next = stored.get(id);
    // Due while nobody was there: the waiting tick is kept, so that a nightly job missed by a restart still runs.
    if (next !== undefined && next < Date.now() + NEAR_MS && (await stateOfTick(queue, id, next)) !== 'unknown') continue;
    await plan(queue, id, schedule, definitions);
  }
}

/**
 * Looks after the schedules while the process runs. Answers `lost` when the queue has forgotten them all: then they
 * have been planned anew. A single one that is missing was removed by a newer release and stays so.
 * @param sentinel the schedule that every release has.
 */
export async function watchSchedules(queue: JobQueue, schedules: readonly JobSchedule[], definitions: Definitions, sentinel: JobSchedule): Promise<'kept' | 'lost'> {
  const stored = await storedSchedules(queue);
  if (!stored.has(scheduleId(sentinel))) {
    await syncSchedules(queue, schedules, definitions);
    return 'lost';
  }
  for (const [id, schedule] of byId(schedules)) {
    const next = stored.get(id);
    if (next === undefined || next > Date.now() - OVERDUE_MS) continue;
    const state = await stateOfTick(queue, id, next);
    if (state === 'delayed') await (await queue.getJob(tickId(id, next)))?.promote().catch(() => undefined);
    if (state === 'unknown') await plan(queue, id, schedule, definitions);
  }
  return 'kept';
}

/** When a schedule comes next. */
export interface PlannedTick { readonly job: string; readonly timeZone: string; readonly at: Date }

/** The next tick of each stored schedule. */
export async function plannedTicks(queue: JobQueue): Promise<PlannedTick[]> {
  const stored = await queue.getJobSchedulers(0, -1, true);
  return stored.flatMap(({ name, tz, next }) => (next === undefined ? [] : [{ job: name, timeZone: tz ?? 'UTC', at: new Date(next) }]));
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
    if ((await stateOfTick(queue, id, next)) === 'unknown') throw error;
  }
}

const storedSchedules = async (queue: JobQueue): Promise<Map<string, number | undefined>> =>
  new Map((await queue.getJobSchedulers(0, -1, true)).map(({ key, next }) => [key, next]));

const byId = (schedules: readonly JobSchedule[]): Map<string, JobSchedule> => new Map(schedules.map((schedule) => [scheduleId(schedule), schedule]));

const tickId = (id: string, next: number): string => `repeat:${id}:${next}`;

const stateOfTick = (queue: JobQueue, id: string, next: number): Promise<string> => queue.getJobState(tickId(id, next));

const scheduleId = ({ job, cron, timeZone = 'UTC' }: JobSchedule): string => `${job}|${cron}|${timeZone}`;
