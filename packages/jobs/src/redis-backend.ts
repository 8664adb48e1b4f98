import { createRedisBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { boundBackend, clockAhead, type JobBackend } from './backend.js';

const PREFIX = 'quanyu';
const LONGEST_SLEEP_SECONDS = 10;
const COMMAND_MS = 5_000;
const retryStrategy = (times: number): number => Math.min(50 * 2 ** Math.min(times, 6), 2_000);

/**
 * The queue on Redis: one connection that enqueues, and for a worker two more. The first fails fast while Redis is
 * away, since whoever enqueues has the truth in PostgreSQL and a sweep behind it; the worker's wait for its return.
 */
export function redisBackend(redisUrl: string): JobBackend {
  const enqueuing = new Redis(redisUrl, {
    lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS, connectTimeout: COMMAND_MS, connectionName: 'quanyu-jobs', retryStrategy,
  });
  const clients = [enqueuing];
  // BullMQ tells of errors through queue and worker; without a listener of our own ioredis would print them.
  enqueuing.on('error', () => undefined);
  const workerClient = (): Redis => {
    const client = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: null, connectTimeout: COMMAND_MS, connectionName: 'quanyu-jobs', retryStrategy });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  return boundBackend(
    (name, options, backendOptions = {}) => {
      const connection = backendOptions.withBlockingConnection === true ? workerClient() : enqueuing;
      return createRedisBackend(name, { ...options, ...{ prefix: PREFIX }, connection }, backendOptions);
    },
    {
      connection: {},
      longestSleepSeconds: LONGEST_SLEEP_SECONDS,
      clockAheadMs: () => clockAhead(async () => {
        const [seconds, micros] = await enqueuing.time();
        return Number(seconds) * 1000 + Number(micros) / 1000;
      }),
      close: async () => { for (const client of clients) client.disconnect(); },
    },
  );
}
