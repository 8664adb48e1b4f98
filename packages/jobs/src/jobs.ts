import { randomUUID } from 'node:crypto';
import { jobBackend, LONGEST_SLEEP_SECONDS, type JobBackend, type JobQueue, type JobWorker } from './backend.js';
import { withCorrelation } from './correlation.js';
import { parsePayload, type JobDefinition, type JobLog, type JobSchedule } from './definition.js';
import { JobError } from './errors.js';
import { bullOptions, LOCK_MS, takeOver } from './options.js';
import { assertIdsOnly, isShortWord } from './payload.js';
import { jobRunner, type RunningJobs } from './run-job.js';
import { syncSchedules } from './schedules.js';

export interface JobsOptions {
  /** A role that `migrateJobs` granted the schema to. */
  readonly connectionString: string;
  /** Default `bullmq`. */
  readonly schema?: string;
  /** All processes of one queue register the same jobs and schedules. */
  readonly queueName: string;
  readonly log: JobLog;
  /** Jobs at once in this process; default 4. */
  readonly concurrency?: number;
  /** How long `stop` waits for running jobs, in milliseconds; default 10 000. */
  readonly stopWithinMs?: number;
  /** A killed worker's jobs are taken over after about this long, in milliseconds; default 10 000, the same for all processes of a queue. */
  readonly lockMs?: number;
}

export interface EnqueueOptions {
  /** Names the work: while a job of this name and id waits or runs, a further enqueue changes nothing. */
  readonly jobId?: string;
  readonly delayMs?: number;
}

// Before jobs are cut off they are told, and this long is theirs to end in order.
const WARNING_MS = 1_000;

/**
 * One queue and one worker for all jobs of a process. It holds 3 PostgreSQL connections at most (a pool of 2 and one
 * LISTEN); a process that only enqueues holds 2 at most.
 */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #definitions = new Map<string, JobDefinition<unknown>>();
  readonly #schedules: JobSchedule[] = [];
  readonly #running: RunningJobs = new Map();
  readonly #enqueuing = new Set<Promise<void>>();
  #open: Promise<{ backend: JobBackend; queue: JobQueue }> | undefined;
  #worker: JobWorker | undefined;
  #phase: 'new' | 'started' | 'stopped' = 'new';

  constructor(options: JobsOptions) {
    this.#options = options;
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
    await syncSchedules(queue, this.#schedules, this.#definitions);
    const worker = this.#makeWorker(backend);
    await worker.waitUntilReady();
    this.#phase = 'started';
    this.#worker = worker;
    worker.run().catch((error: unknown) => this.#options.log.error('job worker ended', { error }));
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
    const enqueuing = this.#enqueue(name, payload, options);
    this.#enqueuing.add(enqueuing);
    return enqueuing.finally(() => this.#enqueuing.delete(enqueuing));
  }

  /** How many jobs wait, run, are planned for later or have failed for good. */
  async counts(): Promise<{ waiting: number; active: number; delayed: number; failed: number }> {
    const { queue } = await this.#opened();
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
    return { waiting, active, delayed, failed };
  }

  /**
   * Takes no further job and lets the running ones end. A second before the time is up their `signal` is aborted; what
   * still runs then is left to another worker, which takes it up when its lock has run out.
   */
  async stop(): Promise<void> {
    const { stopWithinMs = 10_000, log } = this.#options;
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) {
      const closed = worker.close();
      if (!(await endsWithin(closed, Math.max(stopWithinMs - WARNING_MS, 0)))) {
        for (const run of this.#running.values()) run.abort();
        if (!(await endsWithin(closed, WARNING_MS))) {
          log.warn('jobs cut off', { count: this.#running.size });
          await worker.getBackend().close();
        }
      }
    }
    this.#phase = 'stopped';
    await Promise.allSettled(this.#enqueuing);
    const open = await this.#open?.catch(() => undefined);
    await open?.queue.close();
    await open?.backend.close();
  }

  async #enqueue(name: string, payload: unknown, { jobId, delayMs }: EnqueueOptions): Promise<void> {
    // A closing connection would leave this waiting for ever, so it is refused before.
    if (this.#phase === 'stopped') throw new JobError('JOBS_STOPPED');
    const definition = this.#definitions.get(name);
    if (!definition) throw new JobError('JOB_UNKNOWN', name);
    if (jobId !== undefined && !isShortWord(jobId)) throw new JobError('JOB_NAME_INVALID', name);
    assertIdsOnly(payload);
    parsePayload(definition, payload);
    const data = withCorrelation(payload);
    const { queue } = await this.#opened();
    // Always an id of our own: BullMQ's counter is a sequence made at run time, and this role may not make one.
    const id = `${name}/${jobId ?? randomUUID()}`.replaceAll(':', '/'); // BullMQ keeps colons for itself.
    if (jobId !== undefined && (await this.#revived(queue, id, data))) return;
    await queue.add(name, data, { ...bullOptions(definition), jobId: id, delay: delayMs });
  }

  /** BullMQ ignores an add whose id is kept as failed; such a job is set going again instead. */
  async #revived(queue: JobQueue, id: string, data: object): Promise<boolean> {
    if ((await queue.getJobState(id)) !== 'failed') return false;
    try {
      const job = await queue.getJob(id);
      await job?.updateData(data);
      await job?.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return job !== undefined;
    } catch {
      return false; // Somebody else revived or removed it meanwhile: the add that follows is right in both cases.
    }
  }

  #makeWorker(backend: JobBackend): JobWorker {
    const { queueName, log, concurrency = 4, lockMs = LOCK_MS } = this.#options;
    const worker = new backend.Worker<unknown, unknown>(queueName, jobRunner(this.#definitions, this.#running, log), {
      connection: backend.connection, autorun: false, concurrency, drainDelay: LONGEST_SLEEP_SECONDS, runRetryDelay: 2_000, ...takeOver(lockMs),
    });
    worker.on('error', (error) => log.error('job worker error', { error }));
    worker.on('stalled', () => log.warn('job taken over from a worker that is gone', { count: 1 }));
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
    const { connectionString, schema = 'bullmq', queueName, log } = this.#options;
    const backend = jobBackend({ connectionString, schema });
    // Nobody here reads the queue's event stream: it is kept as short as BullMQ allows.
    const queue = new backend.Queue(queueName, { connection: backend.connection, streams: { events: { maxLen: 100 } } });
    queue.on('error', (error) => log.error('job queue error', { error }));
    try {
      await queue.waitUntilReady();
      return { backend, queue };
    } catch (error) {
      await backend.close();
      throw error;
    }
  }
}

async function endsWithin(ended: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => { timer = setTimeout(() => resolve(false), ms); });
  try {
    return await Promise.race([ended.then(() => true, () => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
