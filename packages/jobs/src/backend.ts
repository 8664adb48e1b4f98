import { PostgresConnection, PostgresQueueBackend, withBackend, type BackendFactory, type PostgresConnectionOptions } from 'bullmq';

/** Where the queue's tables are. */
export interface JobBackendConfig {
  readonly connectionString: string;
  readonly schema: string;
}

// Claims and finishes are single statements: two connections keep four jobs busy, and PostgreSQL's slots are few.
const POOL_SIZE = 2;

/** LISTEN wakes a worker; this is how long it sleeps when nothing does. */
export const LONGEST_SLEEP_SECONDS = 30;

/**
 * The store behind the queue, and the one place that knows which: queue and worker of a process share one pool of 2
 * connections; a worker adds one for LISTEN. Another store is another branch here.
 */
export function jobBackend(config: JobBackendConfig) {
  const options = { connectionString: config.connectionString, schema: config.schema, max: POOL_SIZE, application_name: 'quanyu-jobs' };
  const connection = new PostgresConnection(options);
  const factory: BackendFactory<SharedBackend, PostgresConnectionOptions> = (name, opts, { withBlockingConnection = false } = {}) =>
    // Only an "owning" backend renews its LISTEN after a broken connection, so the worker's must be one.
    new SharedBackend(connection, name, opts, withBlockingConnection, withBlockingConnection ? name : undefined);
  return { ...withBackend(factory), connection: options, close: () => connection.close() };
}

/** BullMQ's backend with two habits changed. */
class SharedBackend extends PostgresQueueBackend {
  // Left alone an idle worker sleeps up to an hour on LISTEN, also when the question for the next tick failed because
  // the database was away: that tick would be an hour late.
  override get maximumBlockTimeout(): number {
    return LONGEST_SLEEP_SECONDS;
  }

  // BullMQ closes the connection with the worker; ours is still needed then, by the queue.
  override close(): Promise<void> {
    this.closing ??= Promise.resolve();
    return this.closing;
  }
}

export type JobBackend = ReturnType<typeof jobBackend>;
export type JobQueue = InstanceType<JobBackend['Queue']>;
export type JobWorker = InstanceType<JobBackend['Worker']>;
