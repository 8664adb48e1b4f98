import { randomUUID } from 'node:crypto';
import type { JobBackend, JobQueue, JobStore, JobWorker } from './backend.js';
import { openBackend } from './open-backend.js';
import { withCorrelation } from './correlation.js';
import { parsePayload, type DueJob, type JobDefinition, type JobLog, type JobSchedule } from './definition.js';
import { endsWithin } from './ends-within.js';
import { JobError } from './errors.js';
import { Keeper } from './keeper.js';
import { jobsEnqueued, jobsInQueue, jobsTakenOver, queueLosses } from './metrics.js';
import { bullOptions, LOCK_MS, takeOver } from './options.js';
import { assertIdsOnly, isShortWord } from './payload.js';
import { isInQueue, REBUILD, rebuildJob, REBUILD_SCHEDULE } from './rebuild.js';
import { jobRunner, type RunningJobs } from './run-job.js';
import { plannedTicks, syncSchedules, watchSchedules, type PlannedTick } from './schedules.js';

/** How a process takes part in a queue; the store is PostgreSQL (`connectionString`) or Redis (`redisUrl`). */
export type JobsOptions = JobStore & {
  /** All processes of one queue register the same jobs and schedules. */
  readonly queueName: string;
  readonly log: JobLog;
  /** Jobs at once in this process; default 4. */
  readonly concurrency?: number;
  /** How long `stop` waits for running jobs, in milliseconds; default 10 000. */
  readonly stopWithinMs?: number;
  /** A killed worker's jobs are taken over after about this long, in milliseconds; default 10 000, the same for all processes of a queue. */
  readonly lockMs?: number;
};

export interface EnqueueOptions {
  /** Names the work: while a job of this name and id waits or runs, a further enqueue changes nothing. */
  readonly jobId?: string;
  readonly delayMs?: number;
}

// Before jobs are cut off they are told, and this long is theirs to end in order.
const WARNING_MS = 1_000;
/** Jobs in one statement or pipeline. */
const CHUNK = 500;
const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
type Counts = Record<(typeof STATES)[number], number>;

/**
 * One queue and one worker for all jobs of a process. It holds 3 connections at most, on PostgreSQL (a pool of 2 and one
 * LISTEN; 2 without a worker) as on Redis (1 without a worker).
 */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #definitions = new Map<string, JobDefinition<unknown>>();
  readonly #schedules: JobSchedule[] = [REBUILD_SCHEDULE];
  readonly #running: RunningJobs = new Map();
  readonly #enqueuing = new Set<Promise<void>>();
  #open: Promise<{ backend: JobBackend; queue: JobQueue }> | undefined;
  #worker: JobWorker | undefined;
  #keeper: Keeper | undefined;
  #unwatch: (() => void)[] = [];
  #phase: 'new' | 'started' | 'stopped' = 'new';

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#definitions.set(REBUILD, rebuildJob(this.#definitions, {
      enqueueAll: (name, jobs) => this.enqueueAll(name, jobs),
      has: async (name, jobId) => isInQueue((await this.#opened()).queue, jobKey(name, jobId)),
    }));
  }

  /** Makes jobs and schedules known; before `start`, as often as needed. Throws JobError on a name used twice. */
  register(definitions: readonly JobDefinition<unknown>[], schedules: readonly JobSchedule[] = []): void {
    if (this.#phase !== 'new') throw new JobError('JOBS_STARTED');
    for (const definition of definitions) {
      if (!isShortWord(definition.name)) throw new JobError('JOB_NAME_INVALID', definition.name);
      if (this.#definitions.has(definition.name)) throw new JobError('JOB_DUPLICATE_NAME', definition.name);
      this.#definitions.set(definition.name, definition);
    }
    this.#schedules.push(...schedules);
  }

  /** Plans the schedules and begins to run jobs. May be called again when it failed, say because the database was away. */
  async start(): Promise<void> {
    if (this.#phase !== 'new') throw new JobError(this.#phase === 'started' ? 'JOBS_STARTED' : 'JOBS_STOPPED');
    const { backend, queue } = await this.#opened();
    const { queueName, log } = this.#options;
    const keeper = new Keeper({
      clockAheadMs: () => backend.clockAheadMs(),
      watchSchedules: () => watchSchedules(queue, this.#schedules, this.#definitions, REBUILD_SCHEDULE),
      onLost: async () => {
        queueLosses.add({ queue: queueName });
        await this.enqueue(REBUILD, {}, { jobId: 'lost' });
      },
    }, log);
    // First the clock: locks are kept in the store's time.
    await keeper.start();
    try {
      await syncSchedules(queue, this.#schedules, this.#definitions);
      const worker = this.#makeWorker(backend);
      await worker.waitUntilReady();
      this.#phase = 'started';
      this.#worker = worker;
      this.#keeper = keeper;
      this.#unwatch = STATES.map((state) => jobsInQueue.watch({ queue: queueName, state }, async () => (await this.#countsAtOnce())[state]));
      worker.run().catch((error: unknown) => log.error('job worker ended', { error }));
    } catch (error) {
      await keeper.stop();
      throw error;
    }
  }

  /**
   * Puts a job into the queue.
   *
   * With a `jobId`, a job of the same name and id that waits or runs is left as it is; one that had failed for good is
   * taken up again at once with the new payload; one that was done is gone, so the work is done again.
   *
   * @throws JobError JOB_UNKNOWN, JOB_NAME_INVALID, JOB_PAYLOAD_NOT_IDS, JOBS_STOPPED, or what the payload's parser throws
   */
  enqueue(name: string, payload: unknown, options: EnqueueOptions = {}): Promise<void> {
    return this.#keepTrack(this.#enqueue(name, payload, options));
  }

  /** Puts many jobs into the queue, in their order, some hundreds in one step; each as `enqueue` would. */
  enqueueAll(name: string, jobs: readonly DueJob<unknown>[]): Promise<void> {
    return this.#keepTrack(this.#enqueueAll(name, jobs));
  }

  /** How many jobs wait, run, are planned for later or have failed for good. */
  async counts(): Promise<Counts> {
    const { queue } = await this.#opened();
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
    return { waiting: waiting + prioritized, active, delayed, failed };
  }

  /** When each schedule comes next. */
  async plannedTicks(): Promise<readonly PlannedTick[]> {
    return plannedTicks((await this.#opened()).queue);
  }

  /**
   * Takes no further job and lets the running ones end. A second before the time is up their `signal` is aborted; what
   * still runs then is left to another worker, which takes it up when its lock has run out.
   */
  async stop(): Promise<void> {
    const { stopWithinMs = 10_000, log } = this.#options;
    const worker = this.#worker;
    this.#worker = undefined;
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
    const keeper = this.#keeper?.stop();
    if (worker) {
      const closed = worker.close();
      if (!(await endsWithin(closed, Math.max(stopWithinMs - WARNING_MS, 0)))) {
        for (const run of this.#running.values()) run.abort();
        if (!(await endsWithin(closed, WARNING_MS))) {
          log.warn('jobs cut off', { count: this.#running.size });
          await endsWithin(worker.getBackend().close(true), WARNING_MS);
        }
      }
    }
    this.#phase = 'stopped';
    await endsWithin(Promise.allSettled([...this.#enqueuing, keeper]), WARNING_MS);
    const open = await this.#open?.catch(() => undefined);
    if (open) await endsWithin(open.queue.close(), WARNING_MS);
    await open?.backend.close();
  }

  #keepTrack(enqueuing: Promise<void>): Promise<void> {
    this.#enqueuing.add(enqueuing);
    return enqueuing.finally(() => this.#enqueuing.delete(enqueuing));
  }

  async #enqueue(name: string, payload: unknown, { jobId, delayMs }: EnqueueOptions): Promise<void> {
    const definition = this.#definitionFor(name);
    const data = this.#dataFor(definition, payload, jobId);
    const { queue } = await this.#opened();
    // Always an id of our own: BullMQ's counter is a sequence made at run time, and this role may not make one.
    const id = jobKey(name, jobId ?? randomUUID());
    jobsEnqueued.add({ job: name });
    if (jobId !== undefined && (await queue.getJobState(id)) === 'failed' && (await revive(queue, id, data))) return;
    await queue.add(name, data, { ...bullOptions(definition), jobId: id, delay: delayMs });
  }

  async #enqueueAll(name: string, jobs: readonly DueJob<unknown>[]): Promise<void> {
    const definition = this.#definitionFor(name);
    const all = jobs.map(({ payload, jobId }) => ({ name, data: this.#dataFor(definition, payload, jobId), opts: { ...bullOptions(definition), jobId: jobKey(name, jobId) } }));
    if (all.length === 0) return;
    const { queue } = await this.#opened();
    jobsEnqueued.add({ job: name }, all.length);
    const failed = new Set(await queue.getRanges(['failed'], 0, -1));
    const fresh: typeof all = [];
    for (const job of all) if (!failed.has(job.opts.jobId) || !(await revive(queue, job.opts.jobId, job.data))) fresh.push(job);
    for (let start = 0; start < fresh.length; start += CHUNK) await queue.addBulk(fresh.slice(start, start + CHUNK));
  }

  #definitionFor(name: string): JobDefinition<unknown> {
    // A closing connection would leave this waiting for ever, so it is refused before.
    if (this.#phase === 'stopped') throw new JobError('JOBS_STOPPED');
    const definition = this.#definitions.get(name);
    if (!definition) throw new JobError('JOB_UNKNOWN', name);
    return definition;
  }

  #dataFor(definition: JobDefinition<unknown>, payload: unknown, jobId: string | undefined): object {
    if (jobId !== undefined && !isShortWord(jobId)) throw new JobError('JOB_NAME_INVALID', definition.name);
    assertIdsOnly(payload);
    parsePayload(definition, payload);
    return withCorrelation(payload);
  }

  #makeWorker(backend: JobBackend): JobWorker {
    const { queueName, log, concurrency = 4, lockMs = LOCK_MS } = this.#options;
    const worker = new backend.Worker<unknown, unknown>(queueName, jobRunner(this.#definitions, this.#running, log), {
      connection: backend.connection, autorun: false, concurrency, drainDelay: backend.longestSleepSeconds, runRetryDelay: 2_000, ...takeOver(lockMs),
    });
    worker.on('error', (error) => log.error('job worker error', { error }));
    worker.on('stalled', () => {
      jobsTakenOver.add({ queue: queueName });
      log.warn('job taken over from a worker that is gone', { count: 1 });
    });
    // Another worker has the job now: two runs at once are worse than one cut short.
    worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => this.#running.get(id)?.abort()));
    return worker;
  }

  #opened(): Promise<{ backend: JobBackend; queue: JobQueue }> {
    this.#open ??= this.#connect().catch((error: unknown) => {
      this.#open = undefined; // BullMQ remembers a failed first connection for ever; the next call makes a new one.
      throw error;
    });
    return this.#open;
  }

  async #connect(): Promise<{ backend: JobBackend; queue: JobQueue }> {
    const { queueName, log } = this.#options;
    const backend = await openBackend(this.#options);
    // Nobody here reads the queue's event stream: it is kept as short as BullMQ allows.
    const queue = new backend.Queue(queueName, { connection: backend.connection, streams: { events: { maxLen: 100 } } });
    queue.on('error', (error: unknown) => log.error('job queue error', { error }));
    try {
      await queue.waitUntilReady();
      return { backend, queue };
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  #counting: Promise<Counts> | undefined;

  /** The gauges of all states are read at one look: one question serves them. */
  #countsAtOnce(): Promise<Counts> {
    this.#counting ??= this.counts().finally(() => { this.#counting = undefined; });
    return this.#counting;
  }
}

/** A job's id in the store. BullMQ keeps colons for itself. */
const jobKey = (name: string, jobId: string): string => `${name}/${jobId}`.replaceAll(':', '/');

/** BullMQ ignores an add whose id is kept as failed; such a job is set going again instead. */
async function revive(queue: JobQueue, id: string, data: object): Promise<boolean> {
  try {
    const job = await queue.getJob(id);
    await job?.updateData(data);
    await job?.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return job !== undefined;
  } catch {
    return false; // Somebody else revived or removed it meanwhile: the add that follows is right in both cases.
  }
}
