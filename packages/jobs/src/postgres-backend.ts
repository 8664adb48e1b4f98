import { PostgresConnection, PostgresQueueBackend, type IQueueBackend, type QueueBaseOptions, type WorkerOptions } from 'bullmq';
import { boundBackend, clockAhead, type JobBackend } from './backend.js';

// Claims and finishes are single statements: two connections keep four jobs busy, and PostgreSQL's slots are few.
const POOL_SIZE = 2;

/** LISTEN wakes a worker; this is how long it sleeps when nothing does. */
const LONGEST_SLEEP_SECONDS = 30;

type Options = QueueBaseOptions<object>;

/** The queue on PostgreSQL: queue and worker of a process share one pool of 2 connections; a worker adds one for LISTEN. */
export function postgresBackend(store: { readonly connectionString: string; readonly schema?: string }): JobBackend {
  const connection = new PostgresConnection({
    connectionString: store.connectionString, schema: store.schema ?? 'bullmq', max: POOL_SIZE, application_name: 'quanyu-jobs',
  });
  const clock: StoreClock = { aheadMs: 0 };
  return boundBackend(
    // Only an "owning" backend renews its LISTEN after a broken connection, so the worker's must be one.
    (name, opts, { withBlockingConnection = false } = {}) => new SharedBackend(connection, name, opts, withBlockingConnection, clock),
    {
      connection: {},
      longestSleepSeconds: LONGEST_SLEEP_SECONDS,
      clockAheadMs: async () => {
        const ahead = await clockAhead(async () => {
          const { rows: [row] } = await connection.pool.query<{ ms: string }>('select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms');
          return Number(row?.ms);
        });
        return (clock.aheadMs = ahead);
      },
      close: () => connection.close(),
    },
  );
}

/** How far the server's clock is ahead of ours: locks are kept in the server's time, or two machines would judge them by two clocks. */
interface StoreClock { aheadMs: number }

/** BullMQ's backend with five habits changed. */
class SharedBackend extends PostgresQueueBackend {
  readonly #clock: StoreClock;

  constructor(connection: PostgresConnection, name: string, options: Options, owning: boolean, clock: StoreClock) {
    super(connection, name, lockedByServerTime(options, clock) as never, owning, owning ? name : undefined);
    this.#clock = clock;
  }

  // Left alone an idle worker sleeps up to an hour on LISTEN, also when the question for the next tick failed because
  // the database was away: that tick would be an hour late.
  override get maximumBlockTimeout(): number {
    return LONGEST_SLEEP_SECONDS;
  }

  override extendLock(jobId: string, token: string, durationMs: number): Promise<number> {
    return outOfDeadlock(() => super.extendLock(jobId, token, durationMs + this.#clock.aheadMs));
  }

  override extendLocks(jobIds: string[], tokens: string[], durationMs: number): Promise<string[]> {
    return outOfDeadlock(() => super.extendLocks(jobIds, tokens, durationMs + this.#clock.aheadMs));
  }

  override async moveStalledJobsToWait(): Promise<string[]> {
    const { maxStalledCount = 1, stalledInterval = 30_000 } = this.opts as Partial<WorkerOptions>;
    const { rows } = await outOfDeadlock(() => this.connection.pool.query<{ id: string }>(
      'select id from move_stalled_jobs_to_wait($1, $2, (extract(epoch from clock_timestamp()) * 1000)::bigint, $3) as stalled (id)',
      [this.queueName, maxStalledCount, stalledInterval]));
    return rows.map(({ id }) => id);
  }

  // BullMQ's own makes a sequence and temporary tables, hence asks for rights that this role does not have.
  override async addJobs(entries: Parameters<IQueueBackend['addJobs']>[0]): Promise<string[]> {
    const { rows } = await this.connection.pool.query<{ id: string }>(ADD_JOBS, [
      this.queueName,
      JSON.stringify(entries.map(({ jobId, job: { name, data, opts = {}, priority, delay, timestamp } }) =>
        ({ id: jobId, name, data, opts, priority: priority ?? opts.priority ?? 0, delay: delay ?? opts.delay ?? 0, added: timestamp, attempts: opts.attempts ?? 1 }))),
    ]);
    return rows.map(({ id }) => id);
  }

  // BullMQ closes the connection with the worker; ours is still needed then, by the queue.
  override close(): Promise<void> {
    this.closing ??= Promise.resolve();
    return this.closing;
  }
}

const DEADLOCK = '40P01';
const MOST_DEADLOCKS = 3;

/**
 * The look for stalled jobs and the renewals of locks each lock many jobs, in orders of their own; where two meet in a
 * deadlock, PostgreSQL ends one of them. It has done nothing then and can begin anew at once.
 */
async function outOfDeadlock<T>(statement: () => Promise<T>): Promise<T> {
  for (let met = 1; ; met += 1) {
    try {
      return await statement();
    } catch (error) {
      if ((error as { code?: unknown }).code !== DEADLOCK || met >= MOST_DEADLOCKS) throw error;
    }
  }
}

/** One statement for many jobs, each by BullMQ's own function: the same rules as for a single one, in the order given. */
const ADD_JOBS = `
  select add_job($1, j.id, j.name, j.data::jsonb, j.opts, j.priority, j.delay, j.added, j.attempts, null, null, null, null, null, false) as id
  from jsonb_to_recordset($2::jsonb) as j (id text, name text, data text, opts jsonb, priority int, delay bigint, added bigint, attempts int)`;

/** BullMQ writes "now plus the lock's length" by its own clock; a length with the difference in it makes that the server's time. */
function lockedByServerTime(options: Options, clock: StoreClock): Options {
  const { lockDuration } = options as Partial<WorkerOptions>;
  if (lockDuration === undefined) return options;
  return Object.defineProperty({ ...options }, 'lockDuration', { get: () => lockDuration + clock.aheadMs });
}
