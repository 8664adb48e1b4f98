import { withBackend, type BackendFactory, type IQueueBackend } from 'bullmq';

/** Where jobs are kept: a PostgreSQL role that `migrateJobs` granted the schema to, or a Redis. */
export type JobStore =
  | { readonly connectionString: string; /** Default `bullmq`. */ readonly schema?: string }
  | { /** `redis://` or `rediss://`. Jobs may be lost with it: what they stand for is in PostgreSQL, see `JobDefinition.due`. */ readonly redisUrl: string };

/** Queue and worker of a store, and what the process holds of it. */
export interface JobBackend extends ReturnType<typeof bind> {
  /** Given to BullMQ where it asks for a connection; the factory brings its own. */
  readonly connection: object;
  /** How long an idle worker sleeps at most when nothing wakes it, in seconds. */
  readonly longestSleepSeconds: number;
  /** How far the store's clock is ahead of this process', in milliseconds. */
  clockAheadMs(): Promise<number>;
  close(): Promise<void>;
}

const bind = (factory: BackendFactory<IQueueBackend, object>) => withBackend<IQueueBackend, object>(factory);

/** Makes a backend of a factory and what belongs to it. */
export const boundBackend = (factory: BackendFactory<IQueueBackend, object>, rest: Pick<JobBackend, 'connection' | 'longestSleepSeconds' | 'clockAheadMs' | 'close'>): JobBackend =>
  ({ ...bind(factory), ...rest });

export type JobQueue = InstanceType<JobBackend['Queue']>;
export type JobWorker = InstanceType<JobBackend['Worker']>;

/** The middle of a clock question: what the store said, against the middle of asking and hearing. */
export async function clockAhead(askMs: () => Promise<number>): Promise<number> {
  const before = Date.now();
  const theirs = await askMs();
  // Whole milliseconds: they go into whole numbers of the store.
  return Math.round(theirs - (before + Date.now()) / 2);
}
