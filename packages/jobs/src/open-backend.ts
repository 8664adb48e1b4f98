import type { JobBackend, JobStore } from './backend.js';

/** Opens the store. Loads the one driver that is needed. */
export async function openBackend(store: JobStore): Promise<JobBackend> {
  if ('redisUrl' in store) return (await import('./redis-backend.js')).redisBackend(store.redisUrl);
  return (await import('./postgres-backend.js')).postgresBackend(store);
}
